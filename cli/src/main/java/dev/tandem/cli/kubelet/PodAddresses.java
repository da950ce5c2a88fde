package dev.tandem.cli.kubelet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives every pod a loopback address of its own, {@code 127.16.0.1} to {@code 127.250.255.254}, the
 * stand-in for a pod network: Linux answers to all of 127/8 without any setup. The address follows
 * from namespace and name, so a run with the same pod names has the same addresses; where two pods
 * fall on one address the later moves on to the next free one. Safe for use by several threads.
 */
final class PodAddresses {

  private static final int FIRST_OCTET = 16;
  private static final int OCTETS = 235;
  private static final int HOSTS = 254;
  private static final int ALL = OCTETS * 256 * HOSTS;

  private final Map<String, String> byPod = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

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

  private static String address(int place) {
    int host = place % HOSTS + 1;
    int middle = place / HOSTS;
    return "127." + (FIRST_OCTET + middle / 256) + "." + middle % 256 + "." + host;
  }

  /** MurmurHash3's finalizer: names that differ in one letter land far apart. */
  private static int spread(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
