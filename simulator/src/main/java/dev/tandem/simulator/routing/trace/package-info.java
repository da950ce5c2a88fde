/** From a file to the requests of a trace. */
@NullMarked
package dev.tandem.simulator.routing.trace;

import org.jspecify.annotations.NullMarked;
