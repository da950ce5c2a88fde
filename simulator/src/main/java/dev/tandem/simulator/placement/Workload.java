package dev.tandem.simulator.placement;

import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What one group is made of. Immutable.
 *
 * @param prefill prefill pods
 * @param decode decode pods
 * @param prefillGpus GPUs of a prefill pod
 * @param decodeGpus GPUs of a decode pod
 * @param pairs how its pods talk
 * @param late decode pods that are added once every group has been placed
 */
public record Workload(
    int prefill, int decode, int prefillGpus, int decodeGpus, Pairs pairs, int late) {
  /** Far above any real group. */
  public static final int MOST_PODS = 64;

  /** What the two kinds of pods exchange. */
  public enum Pairs {
    /** Prefill sends its KV cache to decode: priced by bytes. */
    KV_CACHE(Role.PREFILL, Role.DECODE),
    /** A draft model and its target exchange a few tokens a step: priced by latency. */
    DRAFT_TARGET(Role.DRAFT, Role.TARGET);

    private final Role from;
    private final Role to;

    Pairs(Role from, Role to) {
      this.from = from;
      this.to = to;
    }

    Role from() {
      return from;
    }

    Role to() {
      return to;
    }
  }

  public Workload {
    Shape.between("prefill", prefill, 0, MOST_PODS);
    Shape.between("decode", decode, 0, MOST_PODS);
    Shape.between("prefill-gpus", prefillGpus, 0, Shape.Sizes.MOST_GPUS);
    Shape.between("decode-gpus", decodeGpus, 0, Shape.Sizes.MOST_GPUS);
    Shape.between("late", late, 0, MOST_PODS);
    if (prefill + decode == 0) {
      throw new IllegalArgumentException(
          "prefill and decode: 0 and 0; accepted: at least one pod a group");
    }
  }

  /** Prefill and decode pods of one size. */
  public static Workload of(int prefill, int decode, int gpus) {
    return new Workload(prefill, decode, gpus, gpus, Pairs.KV_CACHE, 0);
  }

  /** The pods of a group that are announced by its size, in the order they are created. */
  List<Pod> announced(int group) {
    List<Pod> pods = new ArrayList<>();
    add(pods, group, pairs.from(), 0, prefill, prefillGpus, false);
    add(pods, group, pairs.to(), 0, decode, decodeGpus, false);
    return pods;
  }

  /** The pods added later. */
  List<Pod> added(int group) {
    List<Pod> pods = new ArrayList<>();
    add(pods, group, pairs.to(), decode, late, decodeGpus, true);
    return pods;
  }

  int podsPerGroup() {
    return prefill + decode + late;
  }

  private static void add(
      List<Pod> pods, int group, Role role, int first, int count, int gpus, boolean late) {
    for (int i = first; i < first + count; i++) {
      pods.add(new Pod("g%05d-%s-%d".formatted(group, role.label(), i), group, role, gpus, late));
    }
  }
}
