package dev.tandem.router;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.TransferCost;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.LinkLearner;
import dev.tandem.router.choose.Links;
import dev.tandem.router.choose.Weights;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.PodWatch;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.proxy.RouterPorts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running router. Many may run in one JVM and share one {@link Vertx}; each lives on one of its
 * event loops. Thread safe.
 */
public final class Router implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final int START_SECONDS = 30;

  private final Vertx vertx;
  private final String deployment;
  private final RouterPorts ports;
  private final String host;

  private Router(Vertx vertx, String deployment, RouterPorts ports, String host) {
    this.host = host;
    this.vertx = vertx;
    this.deployment = deployment;
    this.ports = ports;
  }

  /**
   * Opens both ports and begins to look for peers and for the own engine. Blocks until the ports
   * are open; must not be called on an event loop.
   *
   * @throws IllegalStateException when a port cannot be opened
   */
  public static Router start(RouterConfig config, Vertx vertx) {
    Verticle verticle = new Verticle(config);
    String deployment = await(vertx.deployVerticle(verticle), config);
    RouterPorts ports = verticle.ports;
    if (ports == null) {
      throw new IllegalStateException("router " + config.pod() + " started without ports");
    }
    LOG.info(
        "router {} serves {}:{}, peers on {}, {}",
        config.pod(),
        config.listenHost(),
        ports.port(),
        ports.peerPort(),
        vertx.isNativeTransportEnabled() ? "epoll" : "nio");
    return new Router(vertx, deployment, ports, config.host());
  }

  /** The address at which this router is reached. */
  public String host() {
    return host;
  }

  /** The public port. */
  public int port() {
    return ports.port();
  }

  /** The port for other routers. */
  public int peerPort() {
    return ports.peerPort();
  }

  /** Closes both ports; requests in flight are cut. Blocks until it is done. */
  @Override
  public void close() {
    try {
      vertx
          .undeploy(deployment)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("closing a router: {}", e.toString());
    }
  }

  private static String await(Future<String> deployment, RouterConfig config) {
    try {
      return deployment
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting router " + config.pod(), e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "router %s cannot serve %s:%d and %d: %s"
              .formatted(
                  config.pod(),
                  config.listenHost(),
                  config.port(),
                  config.peerPort(),
                  e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    }
  }

  /** Everything of one router, on the event loop it is deployed on. */
  private static final class Verticle extends VerticleBase {

    // The stamp comes after the container starts, and may be corrected later.
    private static final long LOCALITY_MILLIS = 2_000;

    private final RouterConfig config;
    private volatile @Nullable RouterPorts ports; // written on the event loop, read by the starter
    private @Nullable PodWatch watch;

    Verticle(RouterConfig config) {
      this.config = config;
    }

    @Override
    public Future<?> start() {
      Pool pool =
          new Pool(self(config, config.peerPort(), config.port(), null), config.trustedPeers());
      Links links = links(config);
      LinkLearner learner = new LinkLearner(links, config.speedUp());
      return RouterPorts.open(vertx, config, pool, chooser(config, links), learner)
          .onSuccess(opened -> {
            ports = opened;
            if (config.hasEngine()) {
              pool.self(self(config, opened.peerPort(), opened.port(), locality()));
              vertx.setPeriodic(
                  LOCALITY_MILLIS,
                  id -> pool.self(self(config, opened.peerPort(), opened.port(), locality())));
            }
            discover(pool);
          });
    }

    @Override
    public Future<?> stop() {
      if (watch != null) {
        watch.close();
      }
      RouterPorts opened = ports;
      if (opened != null) {
        opened.close();
      }
      return Future.succeededFuture();
    }

    private void discover(Pool pool) {
      try {
        switch (config.discovery()) {
          case Discovery.Fixed fixed -> pool.fixed(fixed.endpoints());
          case Discovery.Kubeconfig kubeconfig ->
              watch =
                  PodWatch.kubeconfig(
                      vertx, kubeconfig.file(), config.namespace(), config.pool(), pool);
          case Discovery.InCluster cluster ->
              watch =
                  PodWatch.inCluster(
                      vertx,
                      cluster.host(),
                      cluster.port(),
                      cluster.account(),
                      config.namespace(),
                      config.pool(),
                      pool);
          case Discovery.Unavailable unavailable -> {
            LOG.warn("serving the own engine only: {}", unavailable.reason());
            pool.unavailable(unavailable.reason());
          }
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("serving the own engine only: {}", e.toString());
        pool.unavailable(e.toString());
      }
    }

    /** The stamp of the own pod; a small local file, read where it is wanted. */
    private @Nullable LocalityPath locality() {
      Path file = config.localityFile();
      if (file == null || !Files.isReadable(file)) {
        return null;
      }
      try {
        return LocalityPath.parse(Files.readString(file).strip()) instanceof LocalityPath.Valid ok
            ? ok.path()
            : null;
      } catch (IOException e) {
        return null;
      }
    }
  }

  private static @Nullable Peer self(
      RouterConfig config, int peerPort, int port, @Nullable LocalityPath locality) {
    return config.hasEngine()
        ? new Peer(
                config.pod(),
                config.host(),
                Math.max(1, peerPort),
                Peer.Kind.SIDECAR,
                config.role(),
                config.group(),
                config.model().isEmpty() ? null : config.model(),
                locality)
            .withServingPort(Math.max(1, port))
        : null;
  }

  private static Links links(RouterConfig config) {
    ModelFacts model = ModelFacts.of(config.model());
    if (config.kvBytesPerToken() > 0) {
      model = model.withKvBytesPerToken(config.kvBytesPerToken());
    }
    return new Links(TransferCost.defaults(), model, config.tensorParallel(), config.speedUp());
  }

  private static Chooser chooser(RouterConfig config, Links links) {
    Weights weights =
        Weights.DEFAULT
            .withSpeedUp(config.speedUp())
            .withMostInFlight(config.limits().mostInFlight())
            .withSplitFrom(config.routing().splitTokens(), config.routing().splitUncachedTokens())
            .withUncached(config.routing().uncachedWeight());
    return config.routing().policy().chooser(weights, links, config.pod().hashCode());
  }
}
