/** Load drivers behind the figures in {@code docs/benchmarks/}. */
@NullMarked
package dev.tandem.cli.bench;

import org.jspecify.annotations.NullMarked;
