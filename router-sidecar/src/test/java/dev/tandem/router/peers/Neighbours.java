package dev.tandem.router.peers;

import static org.awaitility.Awaitility.await;

import dev.tandem.api.Role;
import dev.tandem.router.Pods;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.index.MixedIndex;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sidecars without engines: each its own address, event loop, view and state stream. */
final class Neighbours implements AutoCloseable {

  static final int PORT = 8_201;

  final Vertx vertx = Vertx.vertx();
  final List<Node> nodes = new ArrayList<>();

  /** Starts this many, and waits until each hears all others. */
  Neighbours(int count) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(
          new Peer("n" + i, Pods.address(), PORT, Peer.Kind.SIDECAR, Role.BOTH, "g", "m", null));
    }
    for (Peer peer : peers) {
      nodes.add(new Node(peer, peers));
    }
    for (Node node : nodes) {
      get(vertx.deployVerticle(node));
    }
    for (Node node : nodes) {
      eventually(
          node.self.name() + " hears all",
          () -> node.ask(() -> node.view.peersHeard()) == count - 1L);
    }
  }

  /** Waits for what is bound to happen, long enough for 4,032 connections on a busy machine. */
  static void eventually(String what, BooleanSupplier condition) {
    await(what)
        .dontCatchUncaughtExceptions() // of threads that are stopped meanwhile
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMinutes(2))
        .until(condition::getAsBoolean);
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    get(vertx.close());
  }

  /** One of them. */
  static final class Node extends VerticleBase {
    final Peer self;
    private final List<Peer> peers;
    final MixedIndex index = new MixedIndex(31_250);
    PoolView view;
    volatile int served;
    volatile int resumed;
    private @Nullable HttpServer server;

    @SuppressWarnings("NullAway.Init") // the view is made when it is deployed
    Node(Peer self, List<Peer> peers) {
      this.self = self;
      this.peers = peers;
    }

    @Override
    public Future<?> start() {
      Pool pool = new Pool(self, List.of());
      view =
          new PoolView(
              vertx,
              vertx.createHttpClient(
                  new HttpClientOptions().setLocalAddress(self.host()).setTcpNoDelay(true),
                  new PoolOptions().setHttp1MaxSize(4)),
              pool,
              index,
              EngineSpeed.PRIOR,
              self.name(),
              () -> true);
      return open().onSuccess(opened -> pool.fixed(peers));
    }

    Future<?> open() {
      server = vertx.createHttpServer().requestHandler(this::serve);
      return server.listen(PORT, self.host());
    }

    @Override
    public Future<?> stop() {
      view.close();
      return Future.succeededFuture();
    }

    private void serve(HttpServerRequest request) {
      served++;
      if (request.getParam("epoch") != null) {
        resumed++;
      }
      view.log().serve(request.response(), request.getParam("epoch"), request.getParam("next"));
    }

    /** Cuts every connection to it; its peers come again. */
    void cut() {
      silence();
      speak();
    }

    /** The port is free a moment after the server says so. */
    void speak() {
      eventually("it listens again", () -> settled(open()));
    }

    /** Says nothing any more, and is not there to be asked. */
    void silence() {
      HttpServer open = server;
      if (open != null) {
        get(open.close());
      }
    }

    private static boolean settled(Future<?> future) {
      try {
        future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        return true;
      } catch (Exception e) {
        return false;
      }
    }

    <T> T ask(Callable<T> question) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      Context loop = context;
      loop.runOnContext(now -> {
        try {
          answer.complete(question.call());
        } catch (Exception e) {
          answer.completeExceptionally(e);
        }
      });
      return get(Future.fromCompletionStage(answer));
    }

    void tell(Consumer<PoolView> what) {
      ask(() -> {
        what.accept(view);
        return true;
      });
    }
  }
}
