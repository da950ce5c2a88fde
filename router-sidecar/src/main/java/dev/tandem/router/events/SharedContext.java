package dev.tandem.router.events;

import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * The ZMQ context of all feeds of a process: one I/O thread however many routers run in it. Opened
 * with the first feed, ended with the last.
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
