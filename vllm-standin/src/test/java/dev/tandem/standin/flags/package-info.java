@NullMarked
package dev.tandem.standin.flags;

import org.jspecify.annotations.NullMarked;
