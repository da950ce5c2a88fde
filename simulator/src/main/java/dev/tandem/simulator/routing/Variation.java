package dev.tandem.simulator.routing;

import dev.tandem.simulator.routing.fleet.Faults;
import dev.tandem.simulator.routing.fleet.Hearsay;
import org.jspecify.annotations.Nullable;

/**
 * What differs from the reference model.
 *
 * @param sessions sessions open at once; 0 where they begin at their own times
 * @param stepTokens tokens of a step where engines work in steps; 0 for one prompt at a time
 * @param hearsay how routers know
 * @param faults what happens to engines
 * @param split prefill and decode pools; null where every engine does both
 */
public record Variation(
    int sessions, int stepTokens, Hearsay hearsay, Faults faults, @Nullable SplitPools split) {

  /** The reference model. */
  public static final Variation NONE = new Variation(0, 0, Hearsay.NONE, Faults.NONE, null);

  public Variation with(Hearsay other) {
    return new Variation(sessions, stepTokens, other, faults, split);
  }

  public Variation with(Faults other) {
    return new Variation(sessions, stepTokens, hearsay, other, split);
  }

  public Variation with(SplitPools other) {
    return new Variation(sessions, stepTokens, hearsay, faults, other);
  }

  public Variation inSteps(int tokens) {
    return new Variation(sessions, tokens, hearsay, faults, split);
  }
}
