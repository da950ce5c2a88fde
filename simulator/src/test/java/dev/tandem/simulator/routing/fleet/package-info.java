@NullMarked
package dev.tandem.simulator.routing.fleet;

import org.jspecify.annotations.NullMarked;
