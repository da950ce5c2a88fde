@NullMarked
package dev.tandem.simulator.routing.trace;

import org.jspecify.annotations.NullMarked;
