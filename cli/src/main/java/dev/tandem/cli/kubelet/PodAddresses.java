package dev.tandem.cli.kubelet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every pod a loopback address of its own, the stand-in for a pod network: Linux answers to
 * all of 127/8 without any setup.
 *
 * <p>The pods of one kubelet share a network {@code 127.N.0.0/16}, N from 16 on: the first that no
 * other local run holds. It is held by a listening socket on its last address, so that it is free
 * again however the process ends. Within the network the address follows from namespace and name;
 * where two pods fall on one address the later moves on to the next free one. Safe for use by
 * several threads.
 */
final class PodAddresses implements AutoCloseable {

  private static final int FIRST_NETWORK = 16;
  private static final int LAST_NETWORK = 250;

  /** Any port would do; pods do not listen on this one. */
  private static final int HOLDING_PORT = 8299;

  private static final int HOSTS = 254;

  /** Third octets 0 to 254: the last one is where the network is held. */
  private static final int ALL = 255 * HOSTS;

  private final int network;
  private final ServerSocket held;
  private final Map<String, String> byPod = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  private PodAddresses(int network, ServerSocket held) {
    this.network = network;
    this.held = held;
  }

  /**
   * Takes the first free network.
   *
   * @throws IllegalStateException when none can be had, e.g. because this system answers only to
   *     127.0.0.1
   */
  static PodAddresses take() {
    IOException last = null;
    for (int network = FIRST_NETWORK; network <= LAST_NETWORK; network++) {
      try {
        return new PodAddresses(network, hold(network));
      } catch (IOException e) {
        last = e;
      }
    }
    throw noNetwork(last);
  }

  private static ServerSocket hold(int network) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      byte[] address = {127, (byte) network, (byte) 255, (byte) 254};
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), HOLDING_PORT));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static IllegalStateException noNetwork(@Nullable IOException last) {
    return new IllegalStateException(
        "no loopback network for the pods from 127."
            + FIRST_NETWORK
            + ".0.0 to 127."
            + LAST_NETWORK
            + ".0.0; Linux has them all, macOS only 127.0.0.1 unless aliases are added",
        last);
  }

  /** The pod's address; the same until {@link #release}. */
  synchronized String of(String namespace, String name) {
    return byPod.computeIfAbsent(
        namespace + "/" + name,
        key -> {
          int place = Math.floorMod(spread(key.hashCode()), ALL);
          while (!taken.add(address(place))) {
            place = (place + 1) % ALL;
          }
          return address(place);
        });
  }

  synchronized void release(String namespace, String name) {
    String address = byPod.remove(namespace + "/" + name);
    if (address != null) {
      taken.remove(address);
    }
  }

  /** Leaves the network to others. */
  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot leave network 127." + network + ".0.0", e);
    }
  }

  private String address(int place) {
    return "127." + network + "." + place / HOSTS + "." + (place % HOSTS + 1);
  }

  /** MurmurHash3's finalizer: names that differ in one letter land far apart. */
  private static int spread(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
