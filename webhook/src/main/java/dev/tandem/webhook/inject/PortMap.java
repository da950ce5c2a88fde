package dev.tandem.webhook.inject;

import dev.tandem.api.Ports;
import java.util.ArrayList;
import java.util.List;

/**
 * Who listens where after the injection.
 *
 * @param original where vLLM listened before
 * @param serving where clients talk to the pod: the router
 * @param engine where vLLM listens now
 * @param offset added to the default ports of router and side channels
 * @param firstRank data-parallel index of the pod's first engine
 * @param ranks data-parallel engines in the pod, each with ports of its own
 * @param ranksWide ports an engine may take of the side channel: older releases took one a
 *     tensor-parallel worker
 */
record PortMap(
    int original, int serving, int engine, int offset, int firstRank, int ranks, int ranksWide) {

  /** Side-channel ports reserved at most; larger engines span pods. */
  private static final int MOST_SIDE_CHANNELS = 64;

  /** Where routers talk to each other. */
  int peer() {
    return Ports.PEER + offset;
  }

  /** Base of the ports the router takes KV events on; rank r of vLLM dials this plus r. */
  int events() {
    return Ports.EVENTS + offset;
  }

  /**
   * Base of the ports vLLM replays events on; behind the events of all ranks, since each adds its
   * own.
   */
  int replay() {
    return events() + firstRank + ranks;
  }

  /**
   * Where the first engine of the pod publishes; its further ranks follow. The router hears all.
   */
  int firstEvents() {
    return events() + firstRank;
  }

  /** Where the first engine of the pod replays. */
  int firstReplay() {
    return replay() + firstRank;
  }

  /** Base of NIXL's side channel; an engine adds its data-parallel index. */
  int sideChannel() {
    return Ports.NIXL_SIDE_CHANNEL + offset;
  }

  /** Every side-channel port the pod may listen on. */
  List<Integer> sideChannels() {
    List<Integer> ports = new ArrayList<>();
    int count = Math.min(MOST_SIDE_CHANNELS, ranks * ranksWide);
    for (int i = 0; i < count; i++) {
      ports.add(sideChannel() + firstRank + i);
    }
    return ports;
  }

  boolean moves() {
    return engine != original;
  }
}
