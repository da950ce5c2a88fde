/** The group-aware planner: pure functions from a view of the cluster to ranked nodes. */
@NullMarked
package dev.tandem.topology.placement;

import org.jspecify.annotations.NullMarked;
