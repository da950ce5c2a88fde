package dev.tandem.topology.placement;

import dev.tandem.api.Level;
import dev.tandem.api.Transfer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pods that exchange KV cache, as far as they are known. Immutable.
 *
 * @param key unique in the cluster, orders groups of the same age
 * @param name what a person calls it; null for a pod without a group, which is planned alone
 * @param priority orders reservations first: a group keeps no place from one of higher priority
 * @param age orders reservations of one priority: the smaller value keeps its place
 * @param placed members that have a node
 * @param missing members that have none yet, those not created yet included
 * @param transfer the KV cache one reference prompt moves from a prefill to a decode pod
 * @param required the level the whole group must share, or null where near is only preferred
 */
public record Group(
    String key,
    @Nullable String name,
    int priority,
    long age,
    List<Placed> placed,
    List<Member> missing,
    Transfer transfer,
    @Nullable Level required) {

  public Group {
    placed = List.copyOf(placed);
    missing = List.copyOf(missing);
  }

  /** A group of priority 0. */
  public Group(
      String key,
      @Nullable String name,
      long age,
      List<Placed> placed,
      List<Member> missing,
      Transfer transfer,
      @Nullable Level required) {
    this(key, name, 0, age, placed, missing, transfer, required);
  }

  /** A pod that exchanges KV cache with nobody. */
  public static Group alone(Member pod) {
    return new Group(pod.id(), null, 0, List.of(), List.of(pod), Transfer.NONE, null);
  }

  /** Members placed and missing. */
  public int size() {
    return placed.size() + missing.size();
  }
}
