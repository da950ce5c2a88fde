package dev.tandem.standin.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.schedule.RemotePrefill;

/**
 * Both ends of the P/D exchange of one engine. Event loop only.
 *
 * @param identity of this engine
 * @param host advertised
 * @param port of the side channel
 * @param leases what others may pull from here
 * @param peers what is pulled from others
 */
public record Exchange(EngineIdentity identity, String host, int port, Leases leases, Peers peers) {

  /** What the answer of a prefill says, for another engine to pull the blocks. */
  public ObjectNode offer(String requestId, int[] blockIds, int tokens) {
    return TransferParams.offer(
        new TransferParams.Offer(
            blockIds,
            identity.engineId(),
            requestId,
            host,
            port,
            identity.tensorParallel(),
            tokens));
  }

  /** See {@link Peers#open}. */
  public RemotePrefill open(TransferParams.Remote remote) {
    return peers.open(remote);
  }

  /** See {@link Peers#release}. */
  public void release(TransferParams.Remote remote) {
    peers.release(remote);
  }
}
