@NullMarked
package dev.tandem.standin.transfer;

import org.jspecify.annotations.NullMarked;
