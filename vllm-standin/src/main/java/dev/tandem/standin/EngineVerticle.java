package dev.tandem.standin;

import dev.tandem.api.ModelFacts;
import dev.tandem.standin.cache.BlockCache;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.events.EventPublisher;
import dev.tandem.standin.events.KvEvent;
import dev.tandem.standin.http.Routes;
import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.schedule.BlockKeeper;
import dev.tandem.standin.schedule.Scheduler;
import dev.tandem.standin.sockets.SocketLoop;
import dev.tandem.standin.transfer.CompatibilityHash;
import dev.tandem.standin.transfer.EngineIdentity;
import dev.tandem.standin.transfer.Exchange;
import dev.tandem.standin.transfer.KvTransferConfig;
import dev.tandem.standin.transfer.Leases;
import dev.tandem.standin.transfer.Peers;
import dev.tandem.standin.transfer.SideChannel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires one engine. Everything but the ZMQ sockets lives on the event loop of this verticle; the
 * sockets are opened and closed on a worker thread, since that blocks.
 */
final class EngineVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(EngineVerticle.class);
  private static final int MOST_HEADER_BYTES = 64 << 10;

  private final EngineConfig config;
  private final Runnable died;
  private final InstantSource clock = Clock.systemUTC();
  private @Nullable SocketLoop sockets;
  private @Nullable EventPublisher publisher;
  private @Nullable HttpServer server;
  private @Nullable Exchange exchange;

  EngineVerticle(EngineConfig config, Runnable died) {
    this.config = config;
    this.died = died;
  }

  @Override
  public Future<?> start() {
    VertxTiming timing = VertxTiming.here((VertxInternal) vertx);
    EngineMetrics metrics =
        new EngineMetrics(
            config.model().servedNames().getFirst(), config.model().dataParallelRank());
    return vertx
        .executeBlocking(() -> {
          openSockets(timing, metrics);
          return true;
        })
        .compose(opened -> listen(timing, metrics))
        .recover(failure ->
            closeSockets().transform(closed -> Future.<HttpServer>failedFuture(failure)));
  }

  @Override
  public Future<?> stop() {
    return close();
  }

  /** The HTTP port once started. */
  int port() {
    return Objects.requireNonNull(server, "not started").actualPort();
  }

  /** The side channel's port, 0 without a connector. */
  int sideChannelPort() {
    return exchange == null ? 0 : exchange.port();
  }

  /** New at every start unless configured, empty without a connector. */
  String engineId() {
    return exchange == null ? "" : exchange.identity().engineId();
  }

  private void openSockets(VertxTiming timing, EngineMetrics metrics) throws IOException {
    if (config.transfer() == null && config.events() == null) {
      return;
    }
    SocketLoop loop = SocketLoop.start("standin-zmq-" + config.serving().port());
    sockets = loop;
    if (config.events() != null) {
      publisher =
          EventPublisher.open(
              config.events(), config.model().dataParallelRank(), loop, clock, metrics);
    }
    if (config.transfer() != null) {
      exchange = exchange(config.transfer(), loop, timing, metrics);
    }
  }

  private Exchange exchange(
      KvTransferConfig transfer, SocketLoop loop, VertxTiming timing, EngineMetrics metrics)
      throws IOException {
    EngineIdentity identity = identity(transfer);
    Leases leases = new Leases(identity.engineId(), transfer, timing, metrics);
    String host = config.sideChannel().host();
    int port = SideChannel.open(loop, timing, leases, identity, host, config.sideChannel().port());
    Peers peers =
        new Peers(
            identity,
            transfer,
            config.time(),
            timing,
            metrics,
            loop,
            timing,
            config.sideChannel().timeout());
    return new Exchange(identity, host, port, leases, peers);
  }

  private EngineIdentity identity(KvTransferConfig transfer) {
    EngineConfig.Model model = config.model();
    EngineConfig.Compatibility flags = model.compatibility();
    ModelFacts facts = ModelFacts.of(model.path());
    if (flags.kvCacheDtype().startsWith("fp8")) {
      facts = facts.withKvBytesPerToken(Math.max(1, facts.kvBytesPerToken() / 2));
    }
    String hash =
        new CompatibilityHash(
                flags.vllmVersion(),
                model.path(),
                flags.dtype(),
                flags.kvCacheDtype(),
                facts.kvHeads(),
                facts.layers(),
                flags.attentionBackend(),
                transfer.crossLayers(),
                flags.hybridCacheManager(),
                flags.speculation())
            .value();
    String engineId = transfer.engineId();
    return new EngineIdentity(
        engineId == null ? UUID.randomUUID().toString() : engineId,
        hash,
        facts,
        model.tensorParallel(),
        config.cache().blockSize(),
        config.locality());
  }

  private Future<HttpServer> listen(VertxTiming timing, EngineMetrics metrics) {
    Exchange exchanged = exchange;
    BlockCache cache =
        new BlockCache(
            config.cache().blocks(),
            config.cache().prefixCaching(),
            event -> publish(timing, event));
    BlockKeeper keeper =
        exchanged == null ? (requestId, hold) -> hold.release() : exchanged.leases();
    Scheduler scheduler =
        new Scheduler(
            config.time(),
            timing,
            cache,
            keeper,
            metrics,
            new Scheduler.Limits(
                config.maxNumSeqs(),
                config.maxWaiting(),
                config.transfer() != null && config.transfer().recomputeOnLoadFailure()));
    if (exchanged != null) {
      exchanged.leases().onFreed(scheduler::roomFreed);
    }
    gauges(metrics, scheduler, cache);
    Routes routes =
        new Routes(
            config,
            metrics,
            scheduler,
            cache,
            new BlockHasher(config.cache().blockSize(), config.cache().hashSeed()),
            exchanged,
            timing,
            clock,
            this::die);
    HttpServer created =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(config.serving().host())
                    .setPort(config.serving().port())
                    .setHttp2ClearTextEnabled(false)
                    .setMaxHeaderSize(MOST_HEADER_BYTES))
            .connectionHandler(routes::opened)
            .requestHandler(routes);
    server = created;
    return created.listen();
  }

  /** Events of one turn of the event loop go out as one batch, as those of one vLLM step do. */
  private void publish(VertxTiming timing, KvEvent event) {
    EventPublisher to = publisher;
    if (to != null && to.record(event)) {
      timing.after(0, to::flush);
    }
  }

  private void gauges(EngineMetrics metrics, Scheduler scheduler, BlockCache cache) {
    metrics.gauge(
        "num_requests_running", "Requests in model execution batches.", scheduler::running);
    metrics.gauge(
        "num_requests_waiting",
        "Requests waiting to be processed.",
        () -> scheduler.waitingForCapacity() + scheduler.waitingForPeers());
    metrics.waitingByReason(scheduler::waitingForCapacity, scheduler::waitingForPeers);
    metrics.gauge(
        "kv_cache_usage_perc",
        "KV-cache usage. 1 means 100 percent usage.",
        () -> (double) cache.held() / cache.capacity());
    EngineConfig.Cache flags = config.cache();
    Map<String, String> info = new LinkedHashMap<>();
    info.put("block_size", Integer.toString(flags.blockSize()));
    info.put("num_gpu_blocks", Integer.toString(flags.blocks()));
    info.put("cache_dtype", config.model().compatibility().kvCacheDtype());
    info.put("enable_prefix_caching", flags.prefixCaching() ? "True" : "False");
    info.put("prefix_caching_hash_algo", flags.hashAlgorithm());
    info.put("kv_cache_size_tokens", Long.toString((long) flags.blocks() * flags.blockSize()));
    metrics.cacheConfig(info);
  }

  /** As if the process had been killed: no answer is finished, no peer is told. */
  private void die() {
    log.error("engine on port {} dies as told", port());
    close().onComplete(closed -> died.run());
  }

  private Future<Void> close() {
    HttpServer open = server;
    Future<Void> closed = open == null ? Future.succeededFuture() : open.close();
    return closed.transform(ignored -> closeSockets());
  }

  private Future<Void> closeSockets() {
    SocketLoop open = sockets;
    if (open == null) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(() -> {
      open.close();
      return null;
    });
  }
}
