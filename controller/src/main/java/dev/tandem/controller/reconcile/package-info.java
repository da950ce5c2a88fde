/** Edge: pods and namespaces watched, the difference to what is desired written, by one leader. */
@NullMarked
package dev.tandem.controller.reconcile;

import org.jspecify.annotations.NullMarked;
