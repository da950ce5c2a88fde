/** The kube-scheduler extender: filters and ranks nodes so that groups land near each other. */
@NullMarked
package dev.tandem.extender;

import org.jspecify.annotations.NullMarked;
