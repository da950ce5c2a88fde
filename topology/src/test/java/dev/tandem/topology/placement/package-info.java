@NullMarked
package dev.tandem.topology.placement;

import org.jspecify.annotations.NullMarked;
