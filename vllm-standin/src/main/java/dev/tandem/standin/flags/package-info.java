/** vLLM's command line: the flags it knows, and how values, lists and dotted JSON keys are read. */
@NullMarked
package dev.tandem.standin.flags;

import org.jspecify.annotations.NullMarked;
