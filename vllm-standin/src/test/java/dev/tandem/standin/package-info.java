@NullMarked
package dev.tandem.standin;

import org.jspecify.annotations.NullMarked;
