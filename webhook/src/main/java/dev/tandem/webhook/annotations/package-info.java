/** Pod annotations and labels to typed wishes, with every problem found rather than the first. */
@NullMarked
package dev.tandem.webhook.annotations;

import org.jspecify.annotations.NullMarked;
