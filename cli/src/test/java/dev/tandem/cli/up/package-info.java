@NullMarked
package dev.tandem.cli.up;

import org.jspecify.annotations.NullMarked;
