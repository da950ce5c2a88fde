/**
 * The admission webhook: what it is told ({@link dev.tandem.webhook.WebhookConfig}) and how it is
 * started.
 */
@NullMarked
package dev.tandem.webhook;

import org.jspecify.annotations.NullMarked;
