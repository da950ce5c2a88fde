@NullMarked
package dev.tandem.extender.watch;

import org.jspecify.annotations.NullMarked;
