package dev.tandem.router.proxy;

import dev.tandem.router.RouterConfig;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.choose.LinkLearner;
import dev.tandem.router.choose.SpeedPrior;
import dev.tandem.router.choose.Weights;
import dev.tandem.router.index.MeteredIndex;
import dev.tandem.router.index.PrefixIndex;
import dev.tandem.router.index.TracedIndex;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.peers.PoolView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The router's two ports and everything behind them. Made, used and closed on one event loop, so
 * that nothing here needs a lock.
 */
public final class RouterPorts implements AutoCloseable {

  // vLLM closes idle connections after 5 s; ours must go first or a request meets a closing one.
  private static final int KEEP_ALIVE_SECONDS = 4;

  // Every stream holds a connection; far more streams than this would exhaust an engine first.
  private static final int MOST_CONNECTIONS_A_HOST = 4_096;
  private static final int MOST_WAITING_FOR_CONNECTION = 4_096;
  private static final int MOST_HEADER_BYTES = 64 << 10;

  private final Vertx vertx;
  private final RouterConfig config;
  private final RouterMetrics metrics = new RouterMetrics();
  private final HttpClientAgent client;
  private final PoolView view;
  private final Waiting waiting;
  private final Tokenizer tokenizer;
  private final @Nullable EngineHealth health;
  private final @Nullable EngineNews news;
  private final HttpServer publicServer;
  private final HttpServer peerServer;

  private RouterPorts(
      Vertx vertx, RouterConfig config, Pool pool, Chooser chooser, LinkLearner links) {
    this.vertx = vertx;
    this.config = config;
    this.client = vertx.createHttpClient(clientOptions(config), poolOptions());
    EngineSpeed prior = SpeedPrior.of(config.model()).withSpeedUp(config.speedUp());
    PrefixIndex index =
        new MeteredIndex(
            TracedIndex.where(config.index().index(config.limits().indexBlocks())),
            asked -> metrics.blocksAsked().increment(asked),
            found -> metrics.blocksFound().increment(found),
            lost -> metrics.blocksLost().increment(lost));
    this.view = new PoolView(vertx, client, pool, index, prior, config.pod(), () -> engineUp());
    view.onTransfers(new TransferNews(links));
    metrics.counter(
        "tandem.router.transfers.unused",
        "Reports of fetched cache that cannot be told of one kind of link",
        links::unused);
    OwnEngine engine = null;
    EngineHealth watched = null;
    if (config.hasEngine()) {
      Target target =
          new Target(config.pod(), config.engineHost(), config.enginePort(), true, false);
      engine = new OwnEngine(vertx, client, target, prior, view::ownSpeed);
      watched = new EngineHealth(vertx, client, target, this::engineCameBack);
    }
    this.health = watched;
    this.waiting = new Waiting(vertx, config.routing().queue(), metrics);
    this.news = config.hasEngine() ? new EngineNews(vertx, client, config, view, metrics) : null;
    Target own = engine == null ? null : engine.target();
    this.tokenizer =
        new Tokenizer(
            vertx,
            client,
            config.index(),
            view::choosesByTokens,
            model -> tokenizers(pool, own, model),
            metrics);
    gauges(pool, index);
    RouterParts parts =
        new RouterParts(
            vertx,
            config,
            client,
            pool,
            view,
            chooser,
            new Decisions(config.routing().decisionsKept()),
            waiting,
            tokenizer,
            metrics,
            engine,
            watched);
    this.publicServer =
        vertx.createHttpServer(serverOptions()).requestHandler(new PublicPort(parts)::handle);
    this.peerServer =
        vertx.createHttpServer(serverOptions()).requestHandler(new PeerPort(parts)::handle);
  }

  /** Opens both ports. */
  public static Future<RouterPorts> open(
      Vertx vertx, RouterConfig config, Pool pool, Chooser chooser, LinkLearner links) {
    RouterPorts ports = new RouterPorts(vertx, config, pool, chooser, links);
    return ports
        .peerServer
        .listen(config.peerPort(), config.listenHost())
        .compose(opened -> ports.publicServer.listen(config.port(), config.listenHost()))
        .map(opened -> ports)
        .onFailure(failed -> ports.close());
  }

  public int port() {
    return publicServer.actualPort();
  }

  public int peerPort() {
    return peerServer.actualPort();
  }

  /** Who may be asked for token ids of a model's prompts: the own engine, for a gateway any. */
  private List<Target> tokenizers(Pool pool, @Nullable Target own, String model) {
    List<Peer> serving = pool.serving(model);
    if (own == null) {
      return serving.stream().map(Target::of).toList();
    }
    return engineUp() && serving.contains(pool.self()) ? List.of(own) : List.of();
  }

  private void engineCameBack() {
    view.ownReset();
    tokenizer.began(config.pod());
    if (news != null) {
      news.engineRestarted();
    }
  }

  private boolean engineUp() {
    EngineHealth watched = health;
    return watched == null || watched.up();
  }

  private void gauges(Pool pool, PrefixIndex index) {
    metrics.gauge("tandem.router.pool.members", "Pods in the pool", () -> pool.members().size());
    metrics.gauge("tandem.router.peers.heard", "Peers whose state is read", view::peersHeard);
    metrics.gauge(
        "tandem.router.discovery.up",
        "1 while the pods of the pool are known, 0 while they cannot be looked up",
        () -> pool.status() instanceof Pool.Status.Synced ? 1 : 0);
    metrics.gauge(
        "tandem.router.engine.up",
        "1 while the own engine answers",
        () -> config.hasEngine() && engineUp() ? 1 : 0);
    metrics.gauge("tandem.router.index.blocks", "Blocks remembered", index::size);
    metrics.gauge(
        "tandem.router.uncached.weight",
        "A: what uncached work counts on an idle engine, for what the caches were too small to keep",
        () ->
            config.routing().uncachedWeight() == Weights.ADAPTIVE
                ? view.uncachedWeight()
                : config.routing().uncachedWeight());
    metrics.gauge("tandem.router.queue.entries", "Requests waiting", waiting::entries);
    metrics.gauge("tandem.router.queue.bytes", "Bytes of their bodies", waiting::bytes);
    metrics.counter(
        "tandem.router.peers.lines.unreadable",
        "Lines of peers that could not be read",
        view::unreadableLines);
    metrics.counter(
        "tandem.router.peers.floods", "Times a peer that sent too much was held up", view::floods);
    metrics.counter("tandem.router.peers.sent.bytes", "Bytes told to peers", view.log()::sentBytes);
    metrics.gauge("tandem.router.in.flight", "Requests known over all routers", view.load()::size);
  }

  private static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setHandle100ContinueAutomatically(false)
        .setMaxHeaderSize(MOST_HEADER_BYTES)
        .setMaxInitialLineLength(MOST_HEADER_BYTES)
        .setCompressionSupported(false);
  }

  private static HttpClientOptions clientOptions(RouterConfig config) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setTcpNoDelay(true)
            .setKeepAlive(true)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setConnectTimeout((int) config.limits().connect().toMillis())
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setDecompressionSupported(false);
    String local = config.localAddress();
    return local == null ? options : options.setLocalAddress(local);
  }

  private static PoolOptions poolOptions() {
    return new PoolOptions()
        .setHttp1MaxSize(MOST_CONNECTIONS_A_HOST)
        .setMaxWaitQueueSize(MOST_WAITING_FOR_CONNECTION);
  }

  /** Closes both ports and every connection; requests in flight are cut. */
  @Override
  public void close() {
    if (health != null) {
      health.close();
    }
    waiting.close();
    if (news != null) {
      news.close();
    }
    view.close();
    publicServer.close();
    peerServer.close();
    client.close();
  }
}
