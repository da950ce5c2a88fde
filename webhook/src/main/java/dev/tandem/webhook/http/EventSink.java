package dev.tandem.webhook.http;

/** Takes what is to be told, and returns at once. Any thread. */
@FunctionalInterface
public interface EventSink {

  /** Passes an event on, or drops it where there are too many. */
  void note(OwnerEvent event);
}
