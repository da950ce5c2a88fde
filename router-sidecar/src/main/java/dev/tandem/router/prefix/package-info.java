/** From a prompt to the chained hashes of its blocks. */
@NullMarked
package dev.tandem.router.prefix;

import org.jspecify.annotations.NullMarked;
