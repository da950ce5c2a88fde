@NullMarked
package dev.tandem.standin.sockets;

import org.jspecify.annotations.NullMarked;
