/** Edge: AdmissionReview in and out over TLS, metrics, health. */
@NullMarked
package dev.tandem.webhook.http;

import org.jspecify.annotations.NullMarked;
