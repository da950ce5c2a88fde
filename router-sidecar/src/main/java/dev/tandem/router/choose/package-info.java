/** Which engines serve a request: pure decisions on values. */
@NullMarked
package dev.tandem.router.choose;

import org.jspecify.annotations.NullMarked;
