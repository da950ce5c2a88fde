package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one object by its name, which is all its account may see, and tells of every change. For
 * ever: an API server comes back.
 */
public final class NamedWatch<T extends HasMetadata> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NamedWatch.class);

  private final SharedIndexInformer<T> informer;

  private NamedWatch(Resource<T> object, Runnable changed, String what) {
    informer = object.runnableInformer(0);
    informer.addEventHandler(new Changes<>(changed));
    informer.exceptionHandler((started, problem) -> {
      log.warn("cannot watch {}: {}; trying again", what, problem.toString());
      return true;
    });
  }

  /** Starts to watch; returns at once. {@code changed} must not block. */
  public static <T extends HasMetadata> NamedWatch<T> start(
      Resource<T> object, Runnable changed, String what) {
    NamedWatch<T> watch = new NamedWatch<>(object, changed, what);
    var unused = watch.informer.start();
    return watch;
  }

  @Override
  public void close() {
    informer.stop();
  }

  private record Changes<T>(Runnable changed) implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T object) {
      changed.run();
    }

    @Override
    public void onUpdate(T before, T after) {
      changed.run();
    }

    @Override
    public void onDelete(T object, boolean lastStateUnknown) {
      changed.run();
    }
  }
}
