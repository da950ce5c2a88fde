/** How a process that talks to an API server starts and ends. */
@NullMarked
package dev.tandem.edge.process;

import org.jspecify.annotations.NullMarked;
