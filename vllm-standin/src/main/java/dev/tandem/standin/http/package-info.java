/** The OpenAI-compatible HTTP surface, on the engine's event loop. */
@NullMarked
package dev.tandem.standin.http;

import org.jspecify.annotations.NullMarked;
