/** The main job on loopback: one command from an empty cluster to a report. */
@NullMarked
package dev.tandem.cli.up;

import org.jspecify.annotations.NullMarked;
