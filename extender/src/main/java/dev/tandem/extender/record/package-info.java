/**
 * Recording of what the extender saw and answered, and running it again; files only, no HTTP and no
 * Kubernetes client.
 */
@NullMarked
package dev.tandem.extender.record;

import org.jspecify.annotations.NullMarked;
