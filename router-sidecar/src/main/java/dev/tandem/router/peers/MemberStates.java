package dev.tandem.router.peers;

import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.EngineReport;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.index.Matches;
import dev.tandem.router.index.PrefixIndex;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each member's engine: load, speed, cache and what it says of itself, from what
 * the routers tell, this one among them. What nobody can believe is cut to what one can. Used from
 * one thread.
 */
final class MemberStates {

  // A new reader is told the newest blocks of the own engine, 4M tokens of them: at most 700 KB.
  private static final int SNAPSHOT_BLOCKS = 1 << 16;

  // 16M tokens: a peer that claims a larger cache is not believed.
  private static final int MOST_CAPACITY = 1 << 18;

  // Nor is one whose engine is thousands of times slower or faster than any.
  private static final double MOST_TIMES_PRIOR = 1_000;

  private final Pool pool;
  private final PrefixIndex index;
  private final EngineSpeed prior;
  private final LoadView load = new LoadView();
  private final Promises promises;
  private final Map<String, EngineSpeed> speeds = new HashMap<>();
  private final Map<String, EngineStatus> statuses = new HashMap<>();
  private @Nullable Transfers transfers;

  /**
   * Nothing is known yet.
   *
   * @param prior the speed of an engine of which nobody told
   */
  MemberStates(Pool pool, PrefixIndex index, EngineSpeed prior) {
    this.pool = pool;
    this.index = index;
    this.prior = prior;
    this.promises = new Promises(index);
  }

  void onTransfers(Transfers whoLearns) {
    transfers = whoLearns;
  }

  /** The member's router said so. */
  void apply(String from, StateEvent event) {
    switch (event) {
      case StateEvent.Hello hello -> {
        if (!hello.resumed()) {
          load.forget(from);
          promises.forget(from);
          if (index.exact(from)) {
            index.clear(from);
          }
        }
      }
      case StateEvent.Routed routed -> {
        load.routed(from, routed.id(), routed.prefill(), routed.decode(), routed.tokens());
        // The decode engine keeps the cache it is sent, so both will hold these blocks.
        promises.made(from, routed.id(), member(routed.prefill()), routed.hashes());
        promises.made(from, routed.id(), member(routed.decode()), routed.hashes());
      }
      case StateEvent.Prefilled prefilled -> computed(prefilled.id());
      case StateEvent.Finished finished -> {
        load.finished(from, finished.id());
        promises.over(finished.id());
      }
      case StateEvent.Speed speed -> speeds.put(from, believable(speed));
      case StateEvent.Blocks blocks -> index.add(from, reversed(blocks.hashes()));
      case StateEvent.Stored stored -> index.stored(from, stored.tier(), stored.hashes());
      case StateEvent.Removed removed -> index.removed(from, removed.tier(), removed.hashes());
      case StateEvent.Status status -> said(from, status.status());
      case StateEvent.Stale nothing -> statuses.remove(from);
      case StateEvent.Transferred added -> {
        if (transfers != null) {
          transfers.fetched(from, added.added());
        }
      }
      case StateEvent.Reset reset -> index.clear(from);
      case StateEvent.Beat beat -> {}
    }
  }

  private @Nullable String member(@Nullable String engine) {
    return engine != null && pool.member(engine) != null ? engine : null;
  }

  private void computed(String id) {
    LoadView.Exchange exchange = load.prefilled(id);
    if (exchange != null && transfers != null) {
      Peer from = pool.member(exchange.prefill());
      Peer to = pool.member(exchange.decode());
      if (from != null && to != null) {
        transfers.fetching(from, to, exchange.tokens());
      }
    }
  }

  private EngineSpeed believable(StateEvent.Speed said) {
    double gap = said.secondsPerToken();
    return new EngineSpeed(
        believable(said.tokensPerSecond(), prior.tokensPerSecond()),
        prior.overheadSeconds(),
        Double.isNaN(gap) ? prior.secondsPerToken() : believable(gap, prior.secondsPerToken()));
  }

  private static double believable(double said, double usual) {
    return Math.clamp(said, usual / MOST_TIMES_PRIOR, usual * MOST_TIMES_PRIOR);
  }

  private void said(String engine, EngineStatus now) {
    EngineStatus before = statuses.put(engine, now);
    if (now.cacheTokens() > 0 && (before == null || before.cacheTokens() != now.cacheTokens())) {
      long blocks = now.cacheTokens() / PrefixBlocks.BLOCK_TOKENS;
      index.capacity(engine, (int) Math.clamp(blocks, 1, MOST_CAPACITY));
    }
    if (now.asleep() && (before == null || !before.asleep())) {
      index.clear(engine); // either level of vLLM's sleep drops the cache
    }
  }

  /** The engine's speed, from a source that needs no doubt. */
  void speed(String engine, EngineSpeed speed) {
    speeds.put(engine, speed);
  }

  /** The member is gone, and with it what its router had routed. */
  void forget(String member) {
    load.forget(member);
    promises.forget(member);
    index.forget(member);
    statuses.remove(member);
    if (transfers != null) {
      transfers.gone(member);
    }
    speeds.remove(member);
  }

  LoadView load() {
    return load;
  }

  /** What the engine said of itself last, or null. */
  @Nullable EngineStatus status(String engine) {
    return statuses.get(engine);
  }

  boolean asleep(String engine) {
    EngineStatus status = statuses.get(engine);
    return status != null && status.asleep();
  }

  /**
   * The member as a choice sees it.
   *
   * @param silent seconds its router has said nothing, counted from when that matters
   */
  Candidate candidate(Peer peer, Matches matches, double silent) {
    return new Candidate(
        peer.name(),
        peer.role(),
        peer.group(),
        peer.model(),
        peer.compatibility(),
        peer.locality(),
        state(peer),
        load.load(peer.name()),
        report(peer.name()),
        speeds.getOrDefault(peer.name(), prior),
        cachedTokens(peer.name(), matches),
        silent);
  }

  private Candidate.State state(Peer peer) {
    return peer.draining()
        ? Candidate.State.DRAINING
        : asleep(peer.name()) ? Candidate.State.SLEEPING : Candidate.State.READY;
  }

  private @Nullable EngineReport report(String engine) {
    EngineStatus status = statuses.get(engine);
    return status == null
        ? null
        : new EngineReport(status.running(), status.waiting(), status.kvUsage());
  }

  /** Engines share whole blocks of their own: what is left over of the last one is not cached. */
  private long cachedTokens(String engine, Matches matches) {
    long tokens = (long) (matches.worth(engine) * PrefixBlocks.BLOCK_TOKENS);
    EngineStatus status = statuses.get(engine);
    int block = status == null ? 0 : status.blockTokens();
    return block <= PrefixBlocks.BLOCK_TOKENS ? tokens : tokens / block * block;
  }

  /** What a new reader must know of a member's engine, in the words of its router. */
  List<StateEvent> snapshot(String member) {
    List<StateEvent> events = new ArrayList<>();
    EngineSpeed speed = speeds.get(member);
    if (speed != null) {
      events.add(told(speed));
    }
    EngineStatus status = statuses.get(member);
    if (status != null) {
      events.add(new StateEvent.Status(status));
    }
    if (index.exact(member)) {
      for (Tier tier : Tier.values()) {
        long[] held = index.recent(member, tier, SNAPSHOT_BLOCKS);
        events.add(new StateEvent.Stored(tier, reversed(held)));
      }
    } else {
      events.add(new StateEvent.Blocks(index.recent(member, Tier.GPU, SNAPSHOT_BLOCKS)));
    }
    return events;
  }

  static StateEvent.Speed told(EngineSpeed speed) {
    return new StateEvent.Speed(speed.tokensPerSecond(), speed.secondsPerToken());
  }

  /** An index takes the first block of a prompt for the newest; it lists the oldest first. */
  private static long[] reversed(long[] hashes) {
    long[] reversed = new long[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      reversed[i] = hashes[hashes.length - 1 - i];
    }
    return reversed;
  }
}
