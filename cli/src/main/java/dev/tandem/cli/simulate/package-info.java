/** {@code tandem simulate}: the simulator on the command line. */
@NullMarked
package dev.tandem.cli.simulate;

import org.jspecify.annotations.NullMarked;
