/** The exact JSON that kube-scheduler sends and expects; no Kubernetes client types. */
@NullMarked
package dev.tandem.extender.wire;

import org.jspecify.annotations.NullMarked;
