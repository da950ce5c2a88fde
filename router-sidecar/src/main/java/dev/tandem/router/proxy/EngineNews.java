package dev.tandem.router.proxy;

import dev.tandem.router.RouterConfig;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.EngineWatch;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.events.Endpoints;
import dev.tandem.router.events.EventCounts;
import dev.tandem.router.events.RankFeeds;
import dev.tandem.router.peers.EngineCache;
import dev.tandem.router.peers.EngineMetrics;
import dev.tandem.router.peers.PoolView;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the own engine tells: its metrics and, where they are heard, its KV events. All of it goes
 * to the view, and from there to the peers. Runs on the router's event loop.
 */
final class EngineNews implements AutoCloseable, EngineWatch.Listener {

  private final PoolView view;
  private final EngineMetrics readings;
  private final @Nullable RankFeeds events;

  EngineNews(
      Vertx vertx,
      HttpClientAgent client,
      RouterConfig config,
      PoolView view,
      RouterMetrics metrics) {
    this.view = view;
    EventCounts counts = new EventCounts();
    this.events =
        config.index().hearsEvents()
            ? new RankFeeds(
                Endpoints.at(
                    config.engineHost(), config.index().eventsPort(), config.index().replayPort()),
                config.model(),
                new EngineCache(vertx.getOrCreateContext(), view),
                counts)
            : null;
    EngineWatch watch = new EngineWatch(this);
    this.readings =
        new EngineMetrics(vertx, client, config.engineHost(), config.enginePort(), watch);
    export(metrics, counts);
    metrics.gauge(
        "tandem.router.kv.events.ranks",
        "Data-parallel ranks whose KV events are heard",
        () -> events == null ? 0 : events.heard());
    metrics.counter(
        "tandem.router.engine.metrics.failed",
        "Readings of the engine's metrics without an answer",
        readings::failed);
    metrics.counter(
        "tandem.router.engine.metrics.unusable",
        "Readings of the engine's metrics that did not say how busy it is",
        watch::unusable);
    metrics.counter(
        "tandem.router.engine.metrics.bad",
        "Values of the engine's metrics that cannot be",
        watch::bad);
    metrics.counter(
        "tandem.router.engine.metrics.stale",
        "Times the engine's metrics became too old",
        watch::wentStale);
  }

  private static void export(RouterMetrics metrics, EventCounts counts) {
    export(metrics, counts, "batches", "KV event batches applied", EventCounts::batches);
    export(metrics, counts, "blocks", "Blocks stored or removed", EventCounts::blocks);
    export(metrics, counts, "unknown", "KV events of an unknown type", EventCounts::unknown);
    export(metrics, counts, "malformed", "KV events not readable", EventCounts::malformed);
    export(metrics, counts, "orphans", "Blocks whose prompt is not known", EventCounts::orphans);
    export(metrics, counts, "beyond", "Blocks beyond the bound", EventCounts::beyond);
    export(metrics, counts, "duplicates", "KV event batches come twice", EventCounts::duplicates);
    export(metrics, counts, "lost", "KV event batches lost for good", EventCounts::lost);
    export(metrics, counts, "replays", "Replays of KV events answered", EventCounts::replays);
    export(metrics, counts, "unanswered", "Replays unanswered", EventCounts::repliesMissed);
    export(metrics, counts, "restarts", "Times the engine began anew", EventCounts::restarts);
    export(metrics, counts, "reopened", "Silent links made anew", EventCounts::reopened);
  }

  private static void export(
      RouterMetrics metrics,
      EventCounts counts,
      String name,
      String description,
      ToLongFunction<EventCounts> value) {
    metrics.counter(
        "tandem.router.kv.events." + name, description, () -> value.applyAsLong(counts));
  }

  /** The engine was away and answers again. */
  void engineRestarted() {
    if (events != null) {
      events.engineRestarted();
    }
  }

  @Override
  public void status(EngineStatus now) {
    view.ownStatus(now);
  }

  @Override
  public void transferred(TransferTotals added) {
    view.ownTransferred(added);
  }

  @Override
  public void ranks(int count) {
    if (events != null) {
      events.ranks(count);
    }
  }

  @Override
  public void worked() {
    if (events != null) {
      events.engineWorked();
    }
  }

  @Override
  public void stale() {
    view.ownStale();
  }

  @Override
  public void restarted() {
    view.ownReset();
    engineRestarted();
  }

  @Override
  public void close() {
    readings.close();
    if (events != null) {
      events.close();
    }
  }
}
