/** Benchmarks of what the planner keeps to itself. */
@NullMarked
package dev.tandem.topology.placement;

import org.jspecify.annotations.NullMarked;
