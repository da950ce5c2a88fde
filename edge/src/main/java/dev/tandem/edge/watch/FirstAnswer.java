package dev.tandem.edge.watch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Says early that an API server gives no answer, and why as far as a connection tells: the client
 * first tries again by itself, and reports its first failure after half a minute. Says it again
 * every {@link #AGAIN} until there is an answer. One thread of its own, which ends with {@link
 * #close}.
 */
public final class FirstAnswer implements AutoCloseable {
  /** Nothing is said before: a list of thousands takes a second or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 2_000;

  private final URL server;
  private final BooleanSupplier answered;
  private final Consumer<String> warning;
  private final Thread thread;

  /**
   * Starts waiting.
   *
   * @param answered whether there has been an answer
   * @param warning told one line each time
   */
  public FirstAnswer(URL server, BooleanSupplier answered, Consumer<String> warning) {
    this(server, answered, PATIENCE, warning);
  }

  /** With the patience of a test: how long nothing is said. */
  FirstAnswer(URL server, BooleanSupplier answered, Duration patience, Consumer<String> warning) {
    this.server = server;
    this.answered = answered;
    this.warning = warning;
    this.thread = Thread.ofVirtual().name("first-answer").start(() -> await(patience));
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void await(Duration patience) {
    try {
      Thread.sleep(patience);
      while (!answered.getAsBoolean()) {
        warning.accept("no answer yet from the API server " + server + ": " + state());
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String state() {
    int port = server.getPort() < 0 ? server.getDefaultPort() : server.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHost(), port), CONNECT_MILLIS);
      return "it takes connections, so the lists are on their way or not allowed";
    } catch (IOException e) {
      return e + "; check the address, and that this network reaches it";
    }
  }
}
