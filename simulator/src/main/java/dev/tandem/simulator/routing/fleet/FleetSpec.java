package dev.tandem.simulator.routing.fleet;

/**
 * What is run.
 *
 * @param engines how many
 * @param engine what each is
 * @param pace when requests come
 * @param hearsay how routers know
 * @param seed of all that is drawn
 */
public record FleetSpec(int engines, EngineSpec engine, Pace pace, Hearsay hearsay, long seed) {
  /** More than any pool has. */
  public static final int MOST_ENGINES = 1024;

  public FleetSpec {
    if (engines < 1 || engines > MOST_ENGINES) {
      throw new IllegalArgumentException(
          "instances " + engines + "; accepted: 1 to " + MOST_ENGINES);
    }
  }
}
