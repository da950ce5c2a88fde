@NullMarked
package dev.tandem.cli.explain;

import org.jspecify.annotations.NullMarked;
