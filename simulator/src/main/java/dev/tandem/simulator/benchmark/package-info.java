/**
 * The placement benchmark: its cases, its tables and its pictures. Pure; files are written by cli.
 */
@NullMarked
package dev.tandem.simulator.benchmark;

import org.jspecify.annotations.NullMarked;
