package dev.tandem.simulator.routing.fleet;

/**
 * How routers know of engines and of each other.
 *
 * @param routers how many choose, each for its share of the requests, drawn by the seed
 * @param delaySeconds how old what they hear is; their own routing they know at once
 * @param lostShare share of what they are told that is lost, and told again {@value #AGAIN_SECONDS}
 *     s later with a snapshot
 */
public record Hearsay(int routers, double delaySeconds, double lostShare) {
  /** Longer than any stream of state takes to notice a gap and start over. */
  static final double AGAIN_SECONDS = 2;

  private static final int MOST_ROUTERS = 1024;
  private static final double MOST_DELAY_SECONDS = 60;

  /** One router that knows everything as it happens. */
  public static final Hearsay NONE = new Hearsay(1, 0, 0);

  public Hearsay {
    if (routers < 1 || routers > MOST_ROUTERS) {
      throw new IllegalArgumentException("routers " + routers + "; accepted: 1 to " + MOST_ROUTERS);
    }
    if (!(delaySeconds >= 0 && delaySeconds <= MOST_DELAY_SECONDS)) {
      throw new IllegalArgumentException(
          "stale " + delaySeconds + " s; accepted: 0 to " + MOST_DELAY_SECONDS + " s");
    }
    if (!(lostShare >= 0 && lostShare < 1)) {
      throw new IllegalArgumentException("lost " + lostShare + "; accepted: 0 to below 1");
    }
  }
}
