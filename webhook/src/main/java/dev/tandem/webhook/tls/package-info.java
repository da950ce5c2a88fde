/** From the identity to show to the TLS of a connection. */
@NullMarked
package dev.tandem.webhook.tls;

import org.jspecify.annotations.NullMarked;
