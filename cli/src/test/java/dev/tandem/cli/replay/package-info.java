@NullMarked
package dev.tandem.cli.replay;

import org.jspecify.annotations.NullMarked;
