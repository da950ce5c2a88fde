package dev.tandem.router.events;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears every data-parallel rank of one engine: each publishes and replays on ports of its own, its
 * number behind those of the first. One rank is heard from the start, the others once the engine's
 * metrics name them, at most {@value RankCaches#MOST_RANKS}. Used from one thread.
 */
public final class RankFeeds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RankFeeds.class);

  private final Endpoints first;
  private final String model;
  private final EventCounts counts;
  private final RankCaches caches;
  private final List<EventFeed> feeds = new ArrayList<>();

  /**
   * Starts hearing the first rank.
   *
   * @param first where it publishes and replays
   * @param model the model's name as requests carry it
   * @param deltas is told of all ranks' caches as one, on the threads that hear them
   */
  public RankFeeds(Endpoints first, String model, CacheDeltas deltas, EventCounts counts) {
    this.first = first;
    this.model = model;
    this.counts = counts;
    this.caches = new RankCaches(deltas);
    ranks(1);
  }

  /** The engine has so many ranks: those not heard yet are from now on. */
  public void ranks(int count) {
    int heard = Math.min(count, Math.min(first.mostRanks(), RankCaches.MOST_RANKS));
    if (count > heard) {
      LOG.warn(
          "the engine has {} ranks, and the KV events of {} are heard: at most {}, and no further"
              + " than to {}, where the first replays; give vLLM a replay_endpoint behind the ports"
              + " of all ranks",
          count,
          heard,
          RankCaches.MOST_RANKS,
          first.replay());
    }
    if (feeds.size() == 1 && heard > 1) {
      caches.several();
      engineRestarted(); // from now on it matters which rank holds what
    }
    while (feeds.size() < heard) {
      int rank = feeds.size();
      BlockTranslator blocks = new BlockTranslator(model, caches.rank(rank), counts);
      feeds.add(EventFeed.start(first.ofRank(rank), blocks, counts));
    }
  }

  /** Ranks that are heard. */
  public int heard() {
    return feeds.size();
  }

  /** The engine is known to have computed something: events should come. */
  public void engineWorked() {
    feeds.forEach(EventFeed::engineWorked);
  }

  /** The engine is known to have restarted: what it told is void. */
  public void engineRestarted() {
    feeds.forEach(EventFeed::engineRestarted);
  }

  @Override
  public void close() {
    feeds.forEach(EventFeed::close);
  }
}
