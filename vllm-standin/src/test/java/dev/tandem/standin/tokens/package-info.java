@NullMarked
package dev.tandem.standin.tokens;

import org.jspecify.annotations.NullMarked;
