@NullMarked
package dev.tandem.extender;

import org.jspecify.annotations.NullMarked;
