@NullMarked
package dev.tandem.edge.watch;

import org.jspecify.annotations.NullMarked;
