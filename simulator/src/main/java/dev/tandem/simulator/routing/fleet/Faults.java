package dev.tandem.simulator.routing.fleet;

/**
 * What happens to engines while they serve, drawn by the seed.
 *
 * @param restartEverySeconds mean time from one restart of an engine to its next; 0 for none
 * @param downSeconds how long it is away then; it comes back with an empty cache
 * @param slowShare share of the time an engine is slow, in stretches of {@value #STRETCH_SECONDS} s
 * @param slowFactor how many times as long prompts take then
 */
public record Faults(
    double restartEverySeconds, double downSeconds, double slowShare, double slowFactor) {
  static final double STRETCH_SECONDS = 60;

  /** Engines that come to stay and are alike. */
  public static final Faults NONE = new Faults(0, 0, 0, 1);

  public Faults {
    if (!(restartEverySeconds >= 0 && downSeconds >= 0)) {
      throw new IllegalArgumentException(
          "restart-every %s s, down %s s; accepted: 0 or more"
              .formatted(restartEverySeconds, downSeconds));
    }
    if (!(slowShare >= 0 && slowShare < 1 && slowFactor >= 1 && slowFactor <= 100)) {
      throw new IllegalArgumentException(
          "slow share %s, factor %s; accepted: a share from 0 to below 1, a factor from 1 to 100"
              .formatted(slowShare, slowFactor));
    }
  }
}
