/** The API server, admission and scheduling of a local run. */
@NullMarked
package dev.tandem.cli.controlplane;

import org.jspecify.annotations.NullMarked;
