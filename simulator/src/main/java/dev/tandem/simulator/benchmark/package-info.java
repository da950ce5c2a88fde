/**
 * The placement and routing benchmarks: their cases, tables and pictures. Pure; files are written
 * by cli.
 */
@NullMarked
package dev.tandem.simulator.benchmark;

import org.jspecify.annotations.NullMarked;
