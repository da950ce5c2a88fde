@NullMarked
package dev.tandem.cli.place;

import org.jspecify.annotations.NullMarked;
