package dev.tandem.router.peers;

import dev.tandem.router.choose.CachePressure;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.EngineReport;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.index.Matches;
import dev.tandem.router.index.PrefixIndex;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.PrefixBlocks;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pool as a choice needs it: members with their load, speed and cache, from the own routing and
 * from what peers tell. Runs on the router's event loop.
 */
public final class PoolView implements AutoCloseable {

  /** A peer silent for this long counts as busy for as long as it is silent. */
  static final double SILENT_SECONDS = 0.2;

  /** A peer silent for this long counts as gone. */
  static final double GONE_SECONDS = 2;

  // Silence is counted in steps, each worth no more than two of them: what peers said while this
  // router's own thread was held up waits in its sockets, and must not make them look silent.
  private static final long LISTEN_MILLIS = 50;

  // A pod that could not be reached is left alone for this long; discovery or its state stream will
  // tell more by then.
  private static final long AVOID_NANOS = 1_000_000_000L;

  // A new reader is told the newest blocks of the own engine, 4M tokens of them: at most 700 KB.
  private static final int SNAPSHOT_BLOCKS = 1 << 16;

  // 16M tokens: a peer that claims a larger cache is not believed.
  private static final int MOST_CAPACITY = 1 << 18;

  // Nor is one whose engine is thousands of times slower or faster than any.
  private static final double MOST_TIMES_PRIOR = 1_000;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Pool pool;
  private final PrefixIndex index;
  private final EngineSpeed prior;
  private final BooleanSupplier ownEngineUp;
  private final LoadView load = new LoadView();
  private final CachePressure pressure = new CachePressure(PrefixBlocks.BLOCK_TOKENS);
  private final Map<String, StateReader> readers = new HashMap<>();
  private final Map<String, EngineSpeed> speeds = new HashMap<>();
  private final Map<String, EngineStatus> statuses = new HashMap<>();
  private final Promises promises;
  private final Map<String, Long> avoidUntil = new HashMap<>();
  private final Map<String, StateEvent.Routed> own = new HashMap<>();
  private final Set<String> ownPrefilled = new java.util.HashSet<>();
  private final StateLog log;
  private final long listening;
  private long listenedNanos = System.nanoTime();
  private final String name;
  private final String idPrefix;
  private @Nullable Transfers transfers;
  private long lastId;

  /**
   * Starts reading the state of every member that has a router.
   *
   * @param name the own name, as peers see it
   * @param ownEngineUp whether the own engine answers
   */
  public PoolView(
      Vertx vertx,
      HttpClientAgent client,
      Pool pool,
      PrefixIndex index,
      EngineSpeed prior,
      String name,
      BooleanSupplier ownEngineUp) {
    this.vertx = vertx;
    this.client = client;
    this.pool = pool;
    this.index = index;
    this.prior = prior;
    this.ownEngineUp = ownEngineUp;
    // A restarted router of the same name must not repeat ids its peers may still hold.
    String epoch = Long.toString(System.currentTimeMillis(), 36);
    this.name = name;
    this.idPrefix = name + "-" + epoch + "-";
    this.promises = new Promises(index);
    this.log = new StateLog(vertx, name, epoch, this::snapshot);
    pool.listen(this::joined, this::left);
    this.listening = vertx.setPeriodic(LISTEN_MILLIS, id -> listened());
  }

  /**
   * Members a request that has just come may go to, as a choice sees them. What the caches have
   * lost of its prompt counts towards the pressure on them, so this is asked once for each request.
   */
  public Fleet arrived(long[] hashes) {
    Matches matches = index.arrived(hashes);
    pressure.seen(hashes.length, matches.lost());
    return new Fleet(candidates(matches, Set.of()), pressure.weight());
  }

  /**
   * Members a request may go to, without those in {@code except}, as a choice sees them: for one
   * that is tried again, or that nobody sends.
   */
  public Fleet fleet(long[] hashes, Set<String> except) {
    return new Fleet(candidates(hashes, except), pressure.weight());
  }

  /** Members this request may go to, without those in {@code except}. */
  public List<Candidate> candidates(long[] hashes, Set<String> except) {
    return candidates(index.match(hashes), except);
  }

  /**
   * Whether token ids of a prompt may change where it goes: there is an engine to choose, and one
   * of them tells of its cache.
   */
  public boolean choosesByTokens() {
    if (pool.members().size() < 2) {
      return false;
    }
    for (Peer peer : pool.members()) {
      if (index.exact(peer.name())) {
        return true;
      }
    }
    return false;
  }

  /** A: what uncached work counts on an idle engine, 1 or more. */
  public double uncachedWeight() {
    return pressure.weight();
  }

  private List<Candidate> candidates(Matches matches, Set<String> except) {
    List<Candidate> near = new ArrayList<>();
    List<Candidate> lastResort = new ArrayList<>();
    for (Peer peer : pool.members()) {
      if (except.contains(peer.name())) {
        continue;
      }
      StateReader reader = readers.get(peer.name());
      double silent = reader == null ? 0 : reader.silentSeconds();
      boolean usable =
          silent < GONE_SECONDS
              && !avoided(peer)
              && !asleep(peer)
              && (!isSelf(peer) || ownEngineUp.getAsBoolean());
      (usable ? near : lastResort)
          .add(candidate(peer, matches, silent < SILENT_SECONDS ? 0 : silent));
    }
    // Better a doubtful pod than none: a wrong one costs an attempt, none costs the request.
    return near.isEmpty() ? lastResort : near;
  }

  private Candidate candidate(Peer peer, Matches matches, double silent) {
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
        : asleep(peer) ? Candidate.State.SLEEPING : Candidate.State.READY;
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

  /** An id no other router uses, for the next attempt. */
  public String nextId() {
    return idPrefix + ++lastId;
  }

  /** This router sent a request on its way. */
  public void routed(
      String id, @Nullable String prefill, String decode, long tokens, long[] hashes) {
    StateEvent.Routed event = new StateEvent.Routed(id, prefill, decode, tokens, hashes);
    apply(name, event);
    own.put(id, new StateEvent.Routed(id, prefill, decode, tokens, new long[0]));
    log.tell(event);
  }

  /** This router saw that a prompt has been computed. */
  public void prefilled(String id) {
    computed(id);
    if (own.containsKey(id)) {
      ownPrefilled.add(id);
    }
    log.tell(new StateEvent.Prefilled(id));
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

  /** A request of this router is over. */
  public void finished(String id) {
    load.finished(name, id);
    promises.over(id);
    own.remove(id);
    ownPrefilled.remove(id);
    log.tell(new StateEvent.Finished(id));
  }

  /** The own engine's speed was learnt anew. */
  public void ownSpeed(EngineSpeed speed) {
    Peer self = pool.self();
    if (self != null) {
      speeds.put(self.name(), speed);
      log.tell(speed(speed));
    }
  }

  /** The own engine lost its cache. */
  public void ownReset() {
    own(new StateEvent.Reset());
  }

  /** The own engine told what it stored; with no block, that it tells. */
  public void ownStored(Tier tier, long[] hashes) {
    own(new StateEvent.Stored(tier, hashes));
  }

  /** The own engine told what it dropped. */
  public void ownRemoved(Tier tier, long[] hashes) {
    own(new StateEvent.Removed(tier, hashes));
  }

  /** What the own engine says of itself changed. */
  public void ownStatus(EngineStatus status) {
    own(new StateEvent.Status(status));
  }

  /** The own engine says nothing of itself any more. */
  public void ownStale() {
    own(new StateEvent.Stale());
  }

  /** The own engine fetched cache. */
  public void ownTransferred(TransferTotals added) {
    own(new StateEvent.Transferred(added));
  }

  private void own(StateEvent event) {
    if (pool.self() != null) {
      apply(name, event);
      log.tell(event);
    }
  }

  /** What an engine said of itself last, or null. */
  public @Nullable EngineStatus status(String engine) {
    return statuses.get(engine);
  }

  /** Learns what links can do from what engines fetch. */
  public interface Transfers {

    /** A prompt was computed on one engine, and another is about to fetch its cache. */
    void fetching(Peer from, Peer to, long tokens);

    /** An engine says how long what it fetched since the last time took. */
    void fetched(String engine, TransferTotals added);

    /** An engine left the pool. */
    void gone(String engine);
  }

  /** Registers who learns of transfers. */
  public void onTransfers(Transfers whoLearns) {
    transfers = whoLearns;
  }

  /** A pod could not be reached: leave it alone for a second. */
  public void avoid(String name) {
    avoidUntil.put(name, System.nanoTime() + AVOID_NANOS);
  }

  public StateLog log() {
    return log;
  }

  public LoadView load() {
    return load;
  }

  /** Reads a peer's state from the beginning. */
  void startOver(String peer) {
    Peer member = pool.member(peer);
    StateReader reader = readers.remove(peer);
    if (member != null && reader != null) {
      reader.close();
      joined(member);
    }
  }

  /** Peers whose state is being read now. */
  public long peersHeard() {
    return readers.values().stream()
        .filter(reader -> reader.connected() && reader.silentSeconds() < GONE_SECONDS)
        .count();
  }

  /** Lines of peers that could not be read. */
  public long unreadableLines() {
    return readers.values().stream().mapToLong(StateReader::unreadable).sum();
  }

  /** Times peers were held up because they sent too much. */
  public long floods() {
    return readers.values().stream().mapToLong(StateReader::floods).sum();
  }

  private void listened() {
    long now = System.nanoTime();
    double seconds = Math.min((now - listenedNanos) / 1e9, 2 * LISTEN_MILLIS / 1e3);
    listenedNanos = now;
    readers.values().forEach(reader -> reader.listened(seconds));
  }

  private void joined(Peer peer) {
    if (peer.kind() == Peer.Kind.SIDECAR) {
      readers.put(
          peer.name(), new StateReader(vertx, client, peer, event -> apply(peer.name(), event)));
    }
  }

  private void left(Peer peer) {
    StateReader reader = readers.remove(peer.name());
    if (reader != null) {
      reader.close();
    }
    load.forget(peer.name());
    promises.forget(peer.name());
    index.forget(peer.name());
    statuses.remove(peer.name());
    if (transfers != null) {
      transfers.gone(peer.name());
    }
    speeds.remove(peer.name());
    avoidUntil.remove(peer.name());
  }

  private void apply(String from, StateEvent event) {
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
      case StateEvent.Status status -> status(from, status.status());
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

  private static StateEvent.Speed speed(EngineSpeed speed) {
    return new StateEvent.Speed(speed.tokensPerSecond(), speed.secondsPerToken());
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

  private void status(String engine, EngineStatus now) {
    EngineStatus before = statuses.put(engine, now);
    if (now.cacheTokens() > 0 && (before == null || before.cacheTokens() != now.cacheTokens())) {
      long blocks = now.cacheTokens() / PrefixBlocks.BLOCK_TOKENS;
      index.capacity(engine, (int) Math.clamp(blocks, 1, MOST_CAPACITY));
    }
    if (now.asleep() && (before == null || !before.asleep())) {
      index.clear(engine); // either level of vLLM's sleep drops the cache
    }
  }

  /** An index takes the first block of a prompt for the newest; it lists the oldest first. */
  private static long[] reversed(long[] hashes) {
    long[] reversed = new long[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      reversed[i] = hashes[hashes.length - 1 - i];
    }
    return reversed;
  }

  private List<StateEvent> snapshot() {
    List<StateEvent> events = new ArrayList<>(own.values());
    ownPrefilled.forEach(id -> events.add(new StateEvent.Prefilled(id)));
    Peer self = pool.self();
    if (self != null) {
      EngineSpeed speed = speeds.get(self.name());
      if (speed != null) {
        events.add(speed(speed));
      }
      EngineStatus status = statuses.get(self.name());
      if (status != null) {
        events.add(new StateEvent.Status(status));
      }
      if (index.exact(self.name())) {
        for (Tier tier : Tier.values()) {
          long[] held = index.recent(self.name(), tier, SNAPSHOT_BLOCKS);
          events.add(new StateEvent.Stored(tier, reversed(held)));
        }
      } else {
        events.add(new StateEvent.Blocks(index.recent(self.name(), Tier.GPU, SNAPSHOT_BLOCKS)));
      }
    }
    return events;
  }

  private boolean asleep(Peer peer) {
    EngineStatus status = statuses.get(peer.name());
    return status != null && status.asleep();
  }

  private boolean avoided(Peer peer) {
    Long until = avoidUntil.get(peer.name());
    return until != null && until - System.nanoTime() > 0;
  }

  private boolean isSelf(Peer peer) {
    Peer self = pool.self();
    return self != null && self.name().equals(peer.name());
  }

  @Override
  public void close() {
    vertx.cancelTimer(listening);
    log.close();
    readers.values().forEach(StateReader::close);
    readers.clear();
  }
}
