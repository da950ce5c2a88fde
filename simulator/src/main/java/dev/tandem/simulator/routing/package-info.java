/** Routing policies on a trace: one run of one policy, and what came out. */
@NullMarked
package dev.tandem.simulator.routing;

import org.jspecify.annotations.NullMarked;
