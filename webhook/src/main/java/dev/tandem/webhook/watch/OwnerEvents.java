package dev.tandem.webhook.watch;

import dev.tandem.webhook.http.EventSink;
import dev.tandem.webhook.http.OwnerEvent;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events on a thread of its own. At most {@value #MOST_WAITING} wait; more are dropped and
 * counted, since a review must not wait for them. The same event of the same owner is written once
 * in ten minutes: a ReplicaSet whose pods are refused tries again and again.
 */
public final class OwnerEvents implements EventSink, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OwnerEvents.class);

  static final int MOST_WAITING = 256;
  static final int MOST_REMEMBERED = 2_048;
  static final Duration QUIET = Duration.ofMinutes(10);

  private final KubernetesClient client;
  private final Clock clock;
  private final Runnable dropped;
  private final BlockingQueue<OwnerEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<OwnerEvent, Instant> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<OwnerEvent, Instant> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };
  private final Thread thread;

  private OwnerEvents(KubernetesClient client, Clock clock, Runnable dropped) {
    this.client = client;
    this.clock = clock;
    this.dropped = dropped;
    this.thread = Thread.ofVirtual().name("events").unstarted(this::work);
  }

  /** Starts; {@code dropped} runs for each event that is lost and must not block. */
  public static OwnerEvents start(KubernetesClient client, Clock clock, Runnable dropped) {
    OwnerEvents events = new OwnerEvents(client, clock, dropped);
    events.thread.start();
    return events;
  }

  @Override
  public void note(OwnerEvent event) {
    if (!waiting.offer(event)) {
      dropped.run();
    }
  }

  /** Ends without writing what still waits. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void work() {
    try {
      while (true) {
        OwnerEvent event = waiting.take();
        if (isNew(event)) {
          write(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isNew(OwnerEvent event) {
    Instant now = clock.instant();
    Instant last = written.get(event);
    if (last != null && now.isBefore(last.plus(QUIET))) {
      return false;
    }
    written.remove(event);
    written.put(event, now);
    return true;
  }

  private void write(OwnerEvent event) {
    try {
      client.resource(event(event)).create();
    } catch (RuntimeException e) {
      // Of any kind: the thread that writes the next one must live.
      dropped.run();
      log.warn("no event on {} {}: {}", event.ownerKind(), event.name(), e.getMessage());
    }
  }

  private Event event(OwnerEvent event) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(event.namespace())
        .withName("tandem-webhook." + UUID.randomUUID())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(event.apiVersion())
        .withKind(event.ownerKind())
        .withName(event.name())
        .withNamespace(event.namespace())
        .withUid(event.uid())
        .endInvolvedObject()
        .withType(event.kind().type())
        .withReason(event.kind().reason())
        .withMessage(event.message())
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .withNewSource()
        .withComponent("tandem-webhook")
        .endSource()
        .build();
  }
}
