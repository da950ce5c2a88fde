/**
 * A vLLM without a GPU: the same HTTP API, metrics, KV events and P/D exchange, with modelled time.
 */
@NullMarked
package dev.tandem.standin;

import org.jspecify.annotations.NullMarked;
