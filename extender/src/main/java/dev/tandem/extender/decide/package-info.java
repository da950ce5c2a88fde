/** Decisions on an in-memory picture of the cluster; no HTTP and no Kubernetes client. */
@NullMarked
package dev.tandem.extender.decide;

import org.jspecify.annotations.NullMarked;
