/** {@code tandem topology}: imports, what the extender would see, and calibration. */
@NullMarked
package dev.tandem.cli.topology;

import org.jspecify.annotations.NullMarked;
