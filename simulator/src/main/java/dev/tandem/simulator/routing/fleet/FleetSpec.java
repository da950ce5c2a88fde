package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.Sites;
import org.jspecify.annotations.Nullable;

/**
 * What is run.
 *
 * @param engines how many
 * @param engine what each is
 * @param stepTokens tokens of a step where engines work in steps; 0 for one prompt at a time
 * @param pace when requests come
 * @param hearsay how routers know
 * @param faults what happens to engines
 * @param sites where prefill and decode engines stand; null where every engine does both
 * @param seed of all that is drawn
 */
public record FleetSpec(
    int engines,
    EngineSpec engine,
    int stepTokens,
    Pace pace,
    Hearsay hearsay,
    Faults faults,
    @Nullable Sites sites,
    long seed) {
  /** More than any pool has. */
  public static final int MOST_ENGINES = 1024;

  private static final int LEAST_STEP_TOKENS = 256;
  private static final int MOST_STEP_TOKENS = 1 << 20;

  public FleetSpec {
    if (stepTokens != 0 && (stepTokens < LEAST_STEP_TOKENS || stepTokens > MOST_STEP_TOKENS)) {
      throw new IllegalArgumentException(
          "step-tokens %d; accepted: 0, or %d to %d"
              .formatted(stepTokens, LEAST_STEP_TOKENS, MOST_STEP_TOKENS));
    }
  }
}
