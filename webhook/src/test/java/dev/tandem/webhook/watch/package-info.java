@NullMarked
package dev.tandem.webhook.watch;

import org.jspecify.annotations.NullMarked;
