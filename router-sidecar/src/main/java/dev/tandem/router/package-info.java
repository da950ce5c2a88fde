/**
 * The router that sits in every vLLM pod, and the same as a gateway of its own. A request passes
 * {@code request -> prefix -> index -> choose -> proxy}; {@code peers} tells who else is there.
 */
@NullMarked
package dev.tandem.router;

import org.jspecify.annotations.NullMarked;
