@NullMarked
package dev.tandem.standin.schedule;

import org.jspecify.annotations.NullMarked;
