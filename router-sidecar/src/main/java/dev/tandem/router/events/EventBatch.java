package dev.tandem.router.events;

import java.util.List;

/**
 * One message of an engine.
 *
 * @param timestampSeconds when the engine sent it, since the epoch
 * @param events those we know, in order
 * @param unknown events of a type we do not know
 */
public record EventBatch(double timestampSeconds, List<KvEvent> events, int unknown) {

  public EventBatch {
    events = List.copyOf(events);
  }
}
