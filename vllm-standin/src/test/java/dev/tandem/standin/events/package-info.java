@NullMarked
package dev.tandem.standin.events;

import org.jspecify.annotations.NullMarked;
