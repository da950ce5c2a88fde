/**
 * Places groups of pods on modelled clusters, by the production planner and by what a cluster does
 * without it, and measures what came out. Pure: same seed, same placements.
 */
@NullMarked
package dev.tandem.simulator.placement;

import org.jspecify.annotations.NullMarked;
