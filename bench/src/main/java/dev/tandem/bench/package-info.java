/** What the steps of a decision cost; run with {@code bench/run}. */
@NullMarked
package dev.tandem.bench;

import org.jspecify.annotations.NullMarked;
