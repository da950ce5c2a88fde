package dev.tandem.router.choose;

/**
 * What is queued and running on an engine, as far as the routers know.
 *
 * @param pendingTokens prompt tokens routed to it, not cached there and not computed yet
 * @param pendingRequests requests whose prompt it has still to compute
 * @param decoding requests it is generating tokens for, or is about to with a cache from elsewhere
 * @param computingTokens those of {@code pendingTokens} that belong to the prompt it computes now
 * @param computingSeconds how long it has been computing that prompt
 */
public record EngineLoad(
    long pendingTokens,
    int pendingRequests,
    int decoding,
    long computingTokens,
    double computingSeconds) {

  public static final EngineLoad IDLE = new EngineLoad(0, 0, 0);

  /** A load of which it is not known how far the engine is with it. */
  public EngineLoad(long pendingTokens, int pendingRequests, int decoding) {
    this(pendingTokens, pendingRequests, decoding, 0, 0);
  }

  /** The same, of which so much is being computed. */
  public EngineLoad computing(long tokens, double seconds) {
    return new EngineLoad(pendingTokens, pendingRequests, decoding, tokens, seconds);
  }

  /** Requests on the engine in any state. */
  public int inFlight() {
    return pendingRequests + decoding;
  }
}
