@NullMarked
package dev.tandem.extender.wire;

import org.jspecify.annotations.NullMarked;
