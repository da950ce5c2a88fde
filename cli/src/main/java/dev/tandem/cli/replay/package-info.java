/** Runs a recording of the extender again and shows what differs. */
@NullMarked
package dev.tandem.cli.replay;

import org.jspecify.annotations.NullMarked;
