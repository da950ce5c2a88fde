/**
 * Which engine is believed to hold which blocks: what was routed, and what engines say themselves.
 */
@NullMarked
package dev.tandem.router.index;

import org.jspecify.annotations.NullMarked;
