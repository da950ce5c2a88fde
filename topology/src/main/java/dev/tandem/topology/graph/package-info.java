/**
 * The interconnect as an immutable graph, and the locality path and bottleneck bandwidth read off
 * it.
 */
@NullMarked
package dev.tandem.topology.graph;

import org.jspecify.annotations.NullMarked;
