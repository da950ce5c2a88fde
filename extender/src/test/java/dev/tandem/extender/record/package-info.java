@NullMarked
package dev.tandem.extender.record;

import org.jspecify.annotations.NullMarked;
