package dev.tandem.router.peers;

import dev.tandem.router.choose.CachePressure;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.index.Matches;
import dev.tandem.router.index.PrefixIndex;
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

  // A new reader is told the newest 64k tokens' worth of 64-token blocks times four: 32 KB a peer.
  private static final int SNAPSHOT_BLOCKS = 4_096;

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
  private final Map<String, Long> avoidUntil = new HashMap<>();
  private final Map<String, StateEvent.Routed> own = new HashMap<>();
  private final Set<String> ownPrefilled = new java.util.HashSet<>();
  private final StateLog log;
  private final long listening;
  private long listenedNanos = System.nanoTime();
  private final String idPrefix;
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
    this.idPrefix = name + "-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    this.log = new StateLog(vertx, () -> snapshot(name));
    pool.listen(this::joined, this::left);
    this.listening = vertx.setPeriodic(LISTEN_MILLIS, id -> listened());
  }

  /** Members this request may go to, without those in {@code except}, as a choice sees them. */
  public Fleet fleet(long[] hashes, Set<String> except) {
    return new Fleet(candidates(hashes, except), pressure.weight());
  }

  /** Members this request may go to, without those in {@code except}. */
  public List<Candidate> candidates(long[] hashes, Set<String> except) {
    Matches matches = index.match(hashes);
    pressure.seen(hashes.length, matches.lost());
    List<Candidate> near = new ArrayList<>();
    List<Candidate> lastResort = new ArrayList<>();
    for (Peer peer : pool.members()) {
      if (except.contains(peer.name())) {
        continue;
      }
      StateReader reader = readers.get(peer.name());
      double silent = reader == null ? 0 : reader.silentSeconds();
      boolean usable =
          silent < GONE_SECONDS && !avoided(peer) && (!isSelf(peer) || ownEngineUp.getAsBoolean());
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
        peer.draining() ? Candidate.State.DRAINING : Candidate.State.READY,
        load.load(peer.name()),
        null,
        speeds.getOrDefault(peer.name(), prior),
        (long) (matches.worth(peer.name()) * PrefixBlocks.BLOCK_TOKENS),
        silent);
  }

  /** An id no other router uses, for the next attempt. */
  public String nextId() {
    return idPrefix + ++lastId;
  }

  /** This router sent a request on its way. */
  public void routed(
      String id, @Nullable String prefill, String decode, long tokens, long[] hashes) {
    StateEvent.Routed event = new StateEvent.Routed(id, prefill, decode, tokens, hashes);
    apply(pool.self() == null ? "" : pool.self().name(), event);
    own.put(id, new StateEvent.Routed(id, prefill, decode, tokens, new long[0]));
    log.tell(event);
  }

  /** This router saw that a prompt has been computed. */
  public void prefilled(String id) {
    load.prefilled(id);
    if (own.containsKey(id)) {
      ownPrefilled.add(id);
    }
    log.tell(new StateEvent.Prefilled(id));
  }

  /** A request of this router is over. */
  public void finished(String id) {
    load.finished(id);
    own.remove(id);
    ownPrefilled.remove(id);
    log.tell(new StateEvent.Finished(id));
  }

  /** The own engine's speed was learnt anew. */
  public void ownSpeed(EngineSpeed speed) {
    Peer self = pool.self();
    if (self != null) {
      speeds.put(self.name(), speed);
      log.tell(new StateEvent.Speed(speed.tokensPerSecond()));
    }
  }

  /** The own engine lost its cache. */
  public void ownReset() {
    Peer self = pool.self();
    if (self != null) {
      index.clear(self.name());
      log.tell(new StateEvent.Reset());
    }
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

  /** Peers whose state is being read now. */
  public long peersHeard() {
    return readers.values().stream()
        .filter(reader -> reader.connected() && reader.silentSeconds() < GONE_SECONDS)
        .count();
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
    index.clear(peer.name());
    speeds.remove(peer.name());
    avoidUntil.remove(peer.name());
  }

  private void apply(String from, StateEvent event) {
    switch (event) {
      case StateEvent.Hello hello -> load.forget(from);
      case StateEvent.Routed routed -> {
        load.routed(from, routed.id(), routed.prefill(), routed.decode(), routed.tokens());
        // The decode engine keeps the cache it is sent, so both will hold these blocks.
        if (routed.prefill() != null && pool.member(routed.prefill()) != null) {
          index.add(routed.prefill(), routed.hashes());
        }
        if (pool.member(routed.decode()) != null) {
          index.add(routed.decode(), routed.hashes());
        }
      }
      case StateEvent.Prefilled prefilled -> load.prefilled(prefilled.id());
      case StateEvent.Finished finished -> load.finished(finished.id());
      case StateEvent.Speed speed ->
          speeds.put(from, new EngineSpeed(speed.tokensPerSecond(), prior.overheadSeconds()));
      case StateEvent.Blocks blocks -> addNewestLast(from, blocks.hashes());
      case StateEvent.Reset reset -> index.clear(from);
      case StateEvent.Beat beat -> {}
    }
  }

  /** An index takes the first block of a prompt for the newest; a snapshot comes oldest first. */
  private void addNewestLast(String engine, long[] hashes) {
    long[] newestFirst = new long[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      newestFirst[i] = hashes[hashes.length - 1 - i];
    }
    index.add(engine, newestFirst);
  }

  private List<StateEvent> snapshot(String name) {
    List<StateEvent> events = new ArrayList<>();
    events.add(new StateEvent.Hello(name));
    events.addAll(own.values());
    ownPrefilled.forEach(id -> events.add(new StateEvent.Prefilled(id)));
    Peer self = pool.self();
    if (self != null) {
      EngineSpeed speed = speeds.get(self.name());
      if (speed != null) {
        events.add(new StateEvent.Speed(speed.tokensPerSecond()));
      }
      events.add(new StateEvent.Blocks(index.recent(self.name(), dev.tandem.router.index.Tier.GPU, SNAPSHOT_BLOCKS)));
    }
    return events;
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
