/** The one thread of an engine on which all its ZMQ sockets live. */
@NullMarked
package dev.tandem.standin.sockets;

import org.jspecify.annotations.NullMarked;
