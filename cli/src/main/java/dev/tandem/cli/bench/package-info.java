/** Load drivers behind the figures in {@code docs/benchmarks.md}. */
@NullMarked
package dev.tandem.cli.bench;

import org.jspecify.annotations.NullMarked;
