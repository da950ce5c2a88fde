package dev.tandem.edge.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Cuts connections on which a request takes too long from its first byte to the end of its answer,
 * and new ones on which none comes: a client that sends a header a byte a second would hold its
 * place for ever, since every byte counts as life to an idle timeout. A kept connection between two
 * requests is left to the idle timeout. One of HTTP/2 is left alone: other requests share it, its
 * frames come between requests too, and each of its streams has a timeout of its own. Any thread.
 */
public final class SlowClients implements Connection.Listener, AutoCloseable {

  private final Duration patience;
  private final LongSupplier nanos;
  private final Runnable cut;
  private final Map<Connection, Progress> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("slow-clients").factory());

  /**
   * How far a connection was when it last stood still between two requests.
   *
   * @param requests answered by then
   * @param bytes read by then
   * @param since when, in nanoseconds
   */
  private record Progress(long requests, long bytes, long since) {}

  /**
   * @param patience for one request
   * @param nanos a clock
   * @param cut runs for each connection that is cut
   */
  public SlowClients(Duration patience, LongSupplier nanos, Runnable cut) {
    this.patience = patience;
    this.nanos = nanos;
    this.cut = cut;
    long period = Math.max(1, patience.toMillis() / 4);
    var unused = thread.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    // Of the two connections of a TLS client, only the one above counts requests.
    if (!(connection instanceof SslConnection) && !shared(connection)) {
      open.put(connection, new Progress(-1, 0, nanos.getAsLong()));
    }
  }

  private static boolean shared(Connection connection) {
    return connection instanceof ConnectionMetaData http
        && http.getHttpVersion() == HttpVersion.HTTP_2;
  }

  @Override
  public void onClosed(Connection connection) {
    open.remove(connection);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    long now = nanos.getAsLong();
    open.forEach((connection, last) -> {
      long answered = connection.getMessagesOut();
      long bytes = connection.getBytesIn();
      boolean quiet = answered == connection.getMessagesIn() && bytes == last.bytes();
      if (answered > last.requests() && answered > 0 || quiet && answered > 0) {
        open.replace(connection, last, new Progress(answered, bytes, now));
      } else if (now - last.since() > patience.toNanos()) {
        cut.run();
        connection.getEndPoint().close();
      }
    });
  }
}
