package dev.tandem.router.choose;

/**
 * What is queued and running on an engine, as far as the routers know.
 *
 * @param pendingTokens prompt tokens routed to it, not cached there and not computed yet
 * @param pendingRequests requests whose prompt it has still to compute
 * @param decoding requests it is generating tokens for, or is about to with a cache from elsewhere
 */
public record EngineLoad(long pendingTokens, int pendingRequests, int decoding) {

  public static final EngineLoad IDLE = new EngineLoad(0, 0, 0);

  /** Requests on the engine in any state. */
  public int inFlight() {
    return pendingRequests + decoding;
  }
}
