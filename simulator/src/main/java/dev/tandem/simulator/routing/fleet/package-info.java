/** Engines and time: requests come, wait, are computed and answered. */
@NullMarked
package dev.tandem.simulator.routing.fleet;

import org.jspecify.annotations.NullMarked;
