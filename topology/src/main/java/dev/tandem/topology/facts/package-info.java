/**
 * What is known about each node: labels of every generation and the topology file, read into one
 * record.
 */
@NullMarked
package dev.tandem.topology.facts;

import org.jspecify.annotations.NullMarked;
