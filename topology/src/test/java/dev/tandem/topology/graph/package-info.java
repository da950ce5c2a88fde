@NullMarked
package dev.tandem.topology.graph;

import org.jspecify.annotations.NullMarked;
