package dev.tandem.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running stand-in for one vLLM engine. Many can run in one JVM on one Vert.x; each has one event
 * loop and, when it publishes KV events or exchanges blocks, one thread for its ZMQ sockets.
 *
 * <p>{@link #start} and {@link #close} block and must not be called on an event loop.
 */
public final class Engine implements AutoCloseable {
  private static final long LONGEST_WAIT_SECONDS = 30;

  private final Vertx vertx;
  private final EngineVerticle verticle;
  private final String deploymentId;
  private final CompletableFuture<Void> ended;

  private Engine(
      Vertx vertx, EngineVerticle verticle, String deploymentId, CompletableFuture<Void> ended) {
    this.vertx = vertx;
    this.verticle = verticle;
    this.deploymentId = deploymentId;
    this.ended = ended;
  }

  /**
   * Starts an engine and waits until it serves.
   *
   * @throws IOException when a socket cannot be bound; the message names it
   */
  public static Engine start(EngineConfig config, Vertx vertx) throws IOException {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    EngineVerticle verticle = new EngineVerticle(config, () -> ended.complete(null));
    String id = await(vertx.deployVerticle(verticle), "starting the engine");
    return new Engine(vertx, verticle, id, ended);
  }

  /** The HTTP port. */
  public int port() {
    return verticle.port();
  }

  /** The port of the NIXL side channel, 0 without a connector. */
  public int sideChannelPort() {
    return verticle.sideChannelPort();
  }

  /** The NIXL engine id, empty without a connector. */
  public String engineId() {
    return verticle.engineId();
  }

  /** Completes when the engine has closed its sockets by itself, because a fault told it to. */
  public CompletionStage<Void> died() {
    return ended;
  }

  /** Closes all sockets; requests under way are cut off. A second call does nothing. */
  @Override
  public void close() {
    if (!vertx.deploymentIDs().contains(deploymentId)) {
      return;
    }
    try {
      await(vertx.undeploy(deploymentId), "stopping the engine");
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static <T> T await(Future<T> future, String doing) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + doing, e);
    } catch (TimeoutException e) {
      throw new IOException(doing + " took more than " + LONGEST_WAIT_SECONDS + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(doing + ": " + cause.getMessage(), cause);
    }
  }
}
