@NullMarked
package dev.tandem.simulator.routing;

import org.jspecify.annotations.NullMarked;
