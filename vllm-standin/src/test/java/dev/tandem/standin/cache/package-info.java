@NullMarked
package dev.tandem.standin.cache;

import org.jspecify.annotations.NullMarked;
