/** Edge: Events written on the owners of pods. */
@NullMarked
package dev.tandem.webhook.watch;

import org.jspecify.annotations.NullMarked;
