/** vLLM's metrics under vLLM's names. */
@NullMarked
package dev.tandem.standin.metrics;

import org.jspecify.annotations.NullMarked;
