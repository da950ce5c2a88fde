package dev.tandem.standin.transfer;

import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.schedule.RemotePrefill;
import dev.tandem.standin.schedule.TimeModel;
import dev.tandem.standin.schedule.Timing;
import dev.tandem.standin.sockets.SocketLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The pulling end of the P/D exchange: connections to other engines, and the reads over them. Event
 * loop only. At most {@value #MOST_CONNECTIONS} connections stay open; beyond that the one unused
 * for longest is closed.
 */
public final class Peers {
  private static final int MOST_CONNECTIONS = 256;

  final EngineIdentity identity;
  final KvTransferConfig config;
  final TimeModel time;
  final Timing timing;
  final EngineMetrics metrics;
  final SocketLoop sockets;
  final Executor eventLoop;
  private final long timeoutNanos;
  private final Map<String, PeerConnection> connections = new LinkedHashMap<>(16, 0.75f, true);
  int activeReads;

  /** No connections yet; {@code timeout} is how long an answer of a peer may take. */
  public Peers(
      EngineIdentity identity,
      KvTransferConfig config,
      TimeModel time,
      Timing timing,
      EngineMetrics metrics,
      SocketLoop sockets,
      Executor eventLoop,
      Duration timeout) {
    this.identity = identity;
    this.config = config;
    this.time = time;
    this.timing = timing;
    this.metrics = metrics;
    this.sockets = sockets;
    this.eventLoop = eventLoop;
    this.timeoutNanos = timeout.toNanos();
  }

  /** Starts to look after the blocks that another engine holds for a request of ours. */
  public RemotePrefill open(TransferParams.Remote remote) {
    return new RemoteRead(this, remote);
  }

  /**
   * Tells the holder that nobody will pull, for a request that was refused before it was admitted.
   */
  public void release(TransferParams.Remote remote) {
    new RemoteRead(this, remote).abandon();
  }

  PeerConnection connection(TransferParams.Remote remote) {
    String endpoint = Address.tcp(remote.host(), Integer.toString(remote.port()));
    PeerConnection known = connections.get(endpoint);
    if (known != null && !known.broken()) {
      return known;
    }
    PeerConnection opened = new PeerConnection(sockets, eventLoop, timing, endpoint, timeoutNanos);
    connections.put(endpoint, opened);
    trim();
    return opened;
  }

  private void trim() {
    if (connections.size() <= MOST_CONNECTIONS) {
      return;
    }
    for (Map.Entry<String, PeerConnection> entry : new ArrayList<>(connections.entrySet())) {
      if (entry.getValue().idle()) {
        connections.remove(entry.getKey());
        entry.getValue().breakOff("closed to make room");
        return;
      }
    }
  }
}
