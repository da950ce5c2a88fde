package dev.tandem.standin.http;

import dev.tandem.standin.schedule.Timing;
import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Closes connections on which no request has been under way for five seconds, as vLLM's server does
 * (VLLM_HTTP_TIMEOUT_KEEP_ALIVE): a client that pools connections has to let them go sooner. Looks
 * twice a second while there are any. Event loop only.
 */
final class IdleConnections {
  private static final long KEEP_ALIVE_NANOS = 5_000_000_000L;
  private static final long LOOK_NANOS = 500_000_000L;

  private final Timing timing;
  private final Map<HttpConnection, Long> idleSince = new LinkedHashMap<>();
  private boolean looking;

  IdleConnections(Timing timing) {
    this.timing = timing;
  }

  void busy(HttpConnection connection) {
    idleSince.remove(connection);
  }

  void idle(HttpConnection connection) {
    idleSince.put(connection, timing.nanoTime());
    if (!looking) {
      looking = true;
      timing.after(LOOK_NANOS, this::look);
    }
  }

  void gone(HttpConnection connection) {
    idleSince.remove(connection);
  }

  private void look() {
    long now = timing.nanoTime();
    Iterator<Map.Entry<HttpConnection, Long>> oldestFirst = idleSince.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      Map.Entry<HttpConnection, Long> entry = oldestFirst.next();
      if (now - entry.getValue() < KEEP_ALIVE_NANOS) {
        break;
      }
      oldestFirst.remove();
      entry.getKey().close();
    }
    looking = !idleSince.isEmpty();
    if (looking) {
      timing.after(LOOK_NANOS, this::look);
    }
  }
}
