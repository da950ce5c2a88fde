/** The prefix cache: chained block hashes and the blocks that are held, kept and evicted. */
@NullMarked
package dev.tandem.standin.cache;

import org.jspecify.annotations.NullMarked;
