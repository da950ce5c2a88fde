@NullMarked
package dev.tandem.cli.simulate;

import org.jspecify.annotations.NullMarked;
