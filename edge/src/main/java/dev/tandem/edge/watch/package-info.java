/** What every watch of ours must know of fabric8's informers. */
@NullMarked
package dev.tandem.edge.watch;

import org.jspecify.annotations.NullMarked;
