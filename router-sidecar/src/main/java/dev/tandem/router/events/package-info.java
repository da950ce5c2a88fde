/** From a vLLM engine's KV cache events to what its cache holds, in the router's own hashes. */
@NullMarked
package dev.tandem.router.events;

import org.jspecify.annotations.NullMarked;
