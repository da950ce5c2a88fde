package dev.tandem.router.peers;

import dev.tandem.router.choose.CachePressure;
import dev.tandem.router.choose.Candidate;
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
import java.util.HashSet;
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

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Pool pool;
  private final PrefixIndex index;
  private final BooleanSupplier ownEngineUp;
  private final MemberStates states;
  private final CachePressure pressure = new CachePressure(PrefixBlocks.BLOCK_TOKENS);
  private final Map<String, StateReader> readers = new HashMap<>();
  private final Map<String, Long> avoidUntil = new HashMap<>();
  private final Map<String, StateEvent.Routed> own = new HashMap<>();
  private final Set<String> ownPrefilled = new HashSet<>();
  private final StateLog log;
  private final long listening;
  private long listenedNanos = System.nanoTime();
  private final String name;
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
    this.ownEngineUp = ownEngineUp;
    // A restarted router of the same name must not repeat ids its peers may still hold.
    String epoch = Long.toString(System.currentTimeMillis(), 36);
    this.name = name;
    this.idPrefix = name + "-" + epoch + "-";
    this.states = new MemberStates(pool, index, prior);
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
              && !states.asleep(peer.name())
              && (!isSelf(peer) || ownEngineUp.getAsBoolean());
      (usable ? near : lastResort)
          .add(states.candidate(peer, matches, silent < SILENT_SECONDS ? 0 : silent));
    }
    // Better a doubtful pod than none: a wrong one costs an attempt, none costs the request.
    return near.isEmpty() ? lastResort : near;
  }

  /** An id no other router uses, for the next attempt. */
  public String nextId() {
    return idPrefix + ++lastId;
  }

  /** This router sent a request on its way. */
  public void routed(
      String id, @Nullable String prefill, String decode, long tokens, long[] hashes) {
    happened(new StateEvent.Routed(id, prefill, decode, tokens, hashes));
    own.put(id, new StateEvent.Routed(id, prefill, decode, tokens, new long[0]));
  }

  /** This router saw that a prompt has been computed. */
  public void prefilled(String id) {
    happened(new StateEvent.Prefilled(id));
    if (own.containsKey(id)) {
      ownPrefilled.add(id);
    }
  }

  /** A request of this router is over. */
  public void finished(String id) {
    happened(new StateEvent.Finished(id));
    own.remove(id);
    ownPrefilled.remove(id);
  }

  /** The own engine's speed was learnt anew. */
  public void ownSpeed(EngineSpeed speed) {
    Peer self = pool.self();
    if (self != null) {
      states.speed(self.name(), speed);
      log.tell(MemberStates.told(speed));
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
      happened(event);
    }
  }

  private void happened(StateEvent event) {
    states.apply(name, event);
    log.tell(event);
  }

  /** What an engine said of itself last, or null. */
  public @Nullable EngineStatus status(String engine) {
    return states.status(engine);
  }

  /** Registers who learns of transfers. */
  public void onTransfers(Transfers whoLearns) {
    states.onTransfers(whoLearns);
  }

  /** A pod could not be reached: leave it alone for a second. */
  public void avoid(String name) {
    avoidUntil.put(name, System.nanoTime() + AVOID_NANOS);
  }

  public StateLog log() {
    return log;
  }

  public LoadView load() {
    return states.load();
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
          peer.name(),
          new StateReader(vertx, client, peer, event -> states.apply(peer.name(), event)));
    }
  }

  private void left(Peer peer) {
    StateReader reader = readers.remove(peer.name());
    if (reader != null) {
      reader.close();
    }
    states.forget(peer.name());
    avoidUntil.remove(peer.name());
  }

  private List<StateEvent> snapshot() {
    List<StateEvent> events = new ArrayList<>(own.values());
    ownPrefilled.forEach(id -> events.add(new StateEvent.Prefilled(id)));
    Peer self = pool.self();
    if (self != null) {
      events.addAll(states.snapshot(self.name()));
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
