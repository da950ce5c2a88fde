/** Informers on nodes and pods: the only place that knows Kubernetes client types. */
@NullMarked
package dev.tandem.extender.watch;

import org.jspecify.annotations.NullMarked;
