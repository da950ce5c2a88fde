/** From an engine's metrics to what the routers want to know of it. */
@NullMarked
package dev.tandem.router.engine;

import org.jspecify.annotations.NullMarked;
