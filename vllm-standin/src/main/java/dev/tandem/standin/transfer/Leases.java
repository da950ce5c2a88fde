package dev.tandem.standin.transfer;

import dev.tandem.standin.cache.Hold;
import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.schedule.BlockKeeper;
import dev.tandem.standin.schedule.Timing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks this engine has computed for others, each under a lease: granted when prefill ends,
 * extended by heartbeats, given up on read-done or when the time is over (then counted).
 *
 * <p>Lease times are real time, not divided by the speed-up: they guard against processes that die,
 * and those die at their own pace. Event loop only. As many leases as blocks have room.
 */
public final class Leases implements BlockKeeper {
  private static final Logger log = LoggerFactory.getLogger(Leases.class);

  private final String engineId;
  private final KvTransferConfig config;
  private final Timing timing;
  private final EngineMetrics metrics;
  private final Map<String, Lease> leases = new HashMap<>();
  private Runnable freed = () -> {};

  private static final class Lease {
    final Hold hold;
    long expiresAt;
    boolean reading;

    Lease(Hold hold, long expiresAt) {
      this.hold = hold;
      this.expiresAt = expiresAt;
    }
  }

  /** No leases yet. */
  public Leases(String engineId, KvTransferConfig config, Timing timing, EngineMetrics metrics) {
    this.engineId = engineId;
    this.config = config;
    this.timing = timing;
    this.metrics = metrics;
  }

  /** Who is told that blocks have become free. */
  public void onFreed(Runnable listener) {
    freed = listener;
  }

  /** Leases at the moment. */
  public int count() {
    return leases.size();
  }

  @Override
  public void keep(String requestId, Hold hold) {
    Lease lease = new Lease(hold, timing.nanoTime() + config.lease().toNanos());
    leases.put(requestId, lease);
    watch(requestId, lease);
  }

  PeerReply beginRead(String askedEngine, String requestId) {
    Lease lease = leases.get(requestId);
    if (lease == null || !engineId.equals(askedEngine)) {
      return gone(askedEngine, requestId);
    }
    int others = (int) leases.values().stream().filter(other -> other.reading).count();
    lease.reading = true;
    return new PeerReply.Ok(others);
  }

  PeerReply readDone(String askedEngine, String requestId) {
    Lease lease = engineId.equals(askedEngine) ? leases.remove(requestId) : null;
    if (lease == null) {
      return gone(askedEngine, requestId);
    }
    lease.hold.release();
    freed.run();
    return new PeerReply.Ok(0);
  }

  PeerReply heartbeat(String askedEngine, String requestId) {
    Lease lease = leases.get(requestId);
    if (lease == null || !engineId.equals(askedEngine)) {
      return gone(askedEngine, requestId);
    }
    lease.expiresAt = Math.max(lease.expiresAt, timing.nanoTime() + config.extension().toNanos());
    return new PeerReply.Ok(0);
  }

  private PeerReply.Gone gone(String askedEngine, String requestId) {
    return new PeerReply.Gone(
        engineId.equals(askedEngine)
            ? "no blocks are held for request " + requestId
            : "engine " + askedEngine + " is not here, this is engine " + engineId);
  }

  private void watch(String requestId, Lease lease) {
    timing.after(lease.expiresAt - timing.nanoTime(), () -> check(requestId, lease));
  }

  private void check(String requestId, Lease lease) {
    if (leases.get(requestId) != lease) {
      return;
    }
    if (timing.nanoTime() < lease.expiresAt) {
      watch(requestId, lease);
      return;
    }
    leases.remove(requestId);
    metrics.leaseExpired();
    log.warn(
        "lease of request {} ran out after {}: nobody pulled its blocks",
        requestId,
        Duration.ofNanos(config.lease().toNanos()));
    lease.hold.release();
    freed.run();
  }
}
