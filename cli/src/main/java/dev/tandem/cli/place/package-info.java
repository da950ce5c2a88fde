/** Placement without a cluster: a topology file and workloads in, nodes and reasons out. */
@NullMarked
package dev.tandem.cli.place;

import org.jspecify.annotations.NullMarked;
