/** Pod tree and wishes to a JSON patch and a report. Pure; one small rule a thing injected. */
@NullMarked
package dev.tandem.webhook.inject;

import org.jspecify.annotations.NullMarked;
