/** Asks a running extender why a pod is where it is, and shows the answer. */
@NullMarked
package dev.tandem.cli.explain;

import org.jspecify.annotations.NullMarked;
