package dev.tandem.webhook.tls;

import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Leaves new connections with the kernel while many are open, or some shake hands. An API server
 * opens one for each of the hundreds of pods a ReplicaSet creates at a time, and a handshake is
 * what a connection takes most memory for: five hundred at a time were more than the heap. It is
 * quicker, too: an API server gives a connection that is free to the call that waits longest, so
 * each call answered spares one behind it the handshake.
 *
 * <p>A client that is slow at it holds the others up for {@code patience}, then it counts only as
 * open. Any thread.
 */
public final class ConnectionBounds
    implements SelectorManager.AcceptListener, Connection.Listener, SslHandshakeListener {

  private final AbstractConnector connector;
  private final int mostOpen;
  private final int mostHandshakes;
  private final Duration patience;
  private final Set<Object> accepting = new HashSet<>();
  private final Set<SSLEngine> open = new HashSet<>();
  private final Map<SSLEngine, Scheduler.Task> handshakes = new HashMap<>();

  /**
   * @param connector whose connections are bound
   * @param mostOpen connections at a time
   * @param mostHandshakes of them that shake hands
   * @param patience with a handshake
   */
  public ConnectionBounds(
      AbstractConnector connector, int mostOpen, int mostHandshakes, Duration patience) {
    this.connector = connector;
    this.mostOpen = mostOpen;
    this.mostHandshakes = mostHandshakes;
    this.patience = patience;
  }

  @Override
  public synchronized void onAccepting(SelectableChannel channel) {
    accepting.add(channel);
    look();
  }

  @Override
  public synchronized void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    accepting.remove(channel);
    look();
  }

  @Override
  public synchronized void onClosed(SelectableChannel channel) {
    accepting.remove(channel);
    look();
  }

  @Override
  public synchronized void onOpened(Connection connection) {
    if (connection instanceof SslConnection tls) {
      // Not before: Jetty says that a connection is accepted when it has yet to be opened.
      accepting.remove(tls.getEndPoint().getTransport());
      SSLEngine engine = tls.getSSLEngine();
      open.add(engine);
      handshakes.put(
          engine,
          connector
              .getScheduler()
              .schedule(() -> shaken(engine), patience.toMillis(), TimeUnit.MILLISECONDS));
      look();
    }
  }

  @Override
  public void handshakeSucceeded(Event event) {
    shaken(event.getSSLEngine());
  }

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    shaken(event.getSSLEngine());
  }

  @Override
  public synchronized void onClosed(Connection connection) {
    if (connection instanceof SslConnection tls) {
      open.remove(tls.getSSLEngine());
      shaken(tls.getSSLEngine());
    }
  }

  private synchronized void shaken(SSLEngine engine) {
    Scheduler.Task task = handshakes.remove(engine);
    if (task != null) {
      task.cancel();
    }
    look();
  }

  private void look() {
    connector.setAccepting(
        accepting.size() + open.size() < mostOpen
            && accepting.size() + handshakes.size() < mostHandshakes);
  }
}
