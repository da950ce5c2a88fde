/** KV cache events as vLLM publishes them over ZMQ. */
@NullMarked
package dev.tandem.standin.events;

import org.jspecify.annotations.NullMarked;
