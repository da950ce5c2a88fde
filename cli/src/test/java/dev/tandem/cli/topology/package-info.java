@NullMarked
package dev.tandem.cli.topology;

import org.jspecify.annotations.NullMarked;
