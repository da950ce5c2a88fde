@NullMarked
package dev.tandem.cli.controlplane;

import org.jspecify.annotations.NullMarked;
