/** Who the other routers are, and what they tell about load and caches. */
@NullMarked
package dev.tandem.router.peers;

import org.jspecify.annotations.NullMarked;
