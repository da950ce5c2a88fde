package dev.tandem.simulator.placement;

import java.util.OptionalInt;

/** Chooses a node for one pod after another, as a scheduler does. One thread, one run. */
interface Placer {
  /** The node for a pod, or none where it has to wait; the world changes afterwards. */
  OptionalInt place(Pod pod);
}
