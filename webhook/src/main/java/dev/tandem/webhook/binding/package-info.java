/** Binding tree and the node's locality to a JSON patch. Pure. */
@NullMarked
package dev.tandem.webhook.binding;

import org.jspecify.annotations.NullMarked;
