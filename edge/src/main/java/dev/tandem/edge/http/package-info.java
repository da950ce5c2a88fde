/** What every HTTP server of ours bounds in the same way. */
@NullMarked
package dev.tandem.edge.http;

import org.jspecify.annotations.NullMarked;
