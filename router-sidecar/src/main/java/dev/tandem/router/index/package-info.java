/** Which engine is believed to hold which blocks. */
@NullMarked
package dev.tandem.router.index;

import org.jspecify.annotations.NullMarked;
