package dev.tandem.simulator.routing.state;

/** What happens to requests and engines, as routers hear of it. */
public interface RouterEvents {

  /** A router sent a request on its way. */
  default void routed(Route route) {}

  /** The prompt begins to be computed. */
  default void started(Route route) {}

  /**
   * The prompt is computed.
   *
   * @param at when, in seconds
   */
  default void computed(Route route, double at) {}

  /** The last token was sent, or the request was lost with its engine. */
  default void finished(Route route) {}

  /** An engine came, went, or lost its cache. */
  default void engine(int engine, boolean up) {}
}
