package dev.tandem.extender.watch;

import dev.tandem.edge.watch.FirstList;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One ConfigMap's {@code topology.yaml} and {@code transports.yaml}, whenever they change. */
final class ConfigMapWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigMapWatch.class);

  private final String name;
  private final FirstList first = new FirstList();
  private final SharedIndexInformer<ConfigMap> informer;

  /**
   * Starts to watch; returns at once.
   *
   * @param namespace the ConfigMap's namespace
   * @param name its name
   * @param texts told its texts on the informer's thread
   */
  ConfigMapWatch(KubernetesClient client, String namespace, String name, Consumer<Texts> texts) {
    this.name = namespace + "/" + name;
    this.informer = client.configMaps().inNamespace(namespace).withName(name).runnableInformer(0);
    informer.addEventHandler(new Changes(texts));
    informer.exceptionHandler((started, problem) -> {
      Throwable cause = problem.getCause() == null ? problem : problem.getCause();
      log.warn("cannot watch ConfigMap {}: {}; trying again", this.name, cause.toString());
      return true;
    });
    informer.start();
  }

  /** Whether it is known what the ConfigMap held at the start, if there was one. */
  boolean synced() {
    return informer.hasSynced()
        && first.covers(informer.getStore()::list, map -> map.getMetadata().getName());
  }

  @Override
  public void close() {
    informer.close();
  }

  private static Texts texts(String name, ConfigMap map) {
    Map<String, String> data = map.getData();
    return data == null
        ? Texts.NONE
        : new Texts(text(name, data, "topology.yaml"), text(name, data, "transports.yaml"));
  }

  private static Texts.@Nullable Text text(String name, Map<String, String> data, String key) {
    String text = data.get(key);
    return text == null ? null : new Texts.Text("ConfigMap " + name + ", " + key, text);
  }

  private final class Changes implements ResourceEventHandler<ConfigMap> {
    private final Consumer<Texts> told;

    Changes(Consumer<Texts> told) {
      this.told = told;
    }

    @Override
    public void onAdd(ConfigMap map) {
      try {
        told.accept(texts(name, map));
      } finally {
        first.handled(map.getMetadata().getName());
      }
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap now) {
      onAdd(now);
    }

    @Override
    public void onDelete(ConfigMap map, boolean stateUnknown) {
      log.warn("ConfigMap {} is gone; what it said last still counts", name);
    }
  }
}
