/** Edge: Nodes watched and turned into localities. */
@NullMarked
package dev.tandem.webhook.watch;

import org.jspecify.annotations.NullMarked;
