/** Edge: certificates made, kept in a Secret, and told to the API server. */
@NullMarked
package dev.tandem.webhook.certificates;

import org.jspecify.annotations.NullMarked;
