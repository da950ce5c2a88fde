package dev.tandem.standin.sockets;

import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * The ZMQ context that all engines of a process share: one I/O thread however many engines there
 * are. Opened with the first loop, ended with the last.
 */
final class SharedContext {
  private static ZMQ.@Nullable Context context;
  private static int users;

  private SharedContext() {}

  static synchronized ZMQ.Context acquire() {
    ZMQ.Context current = context;
    if (current == null) {
      current = ZMQ.context(1);
      context = current;
    }
    users++;
    return current;
  }

  static synchronized void release() {
    users--;
    if (users == 0 && context != null) {
      context.term();
      context = null;
    }
  }
}
