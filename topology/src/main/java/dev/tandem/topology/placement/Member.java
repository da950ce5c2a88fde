package dev.tandem.topology.placement;

import dev.tandem.api.Role;

/**
 * One pod as placement sees it.
 *
 * @param id unique among all pods: the pod's UID, or a made-up name for one not created yet
 * @param role what it does in its group
 * @param gpus GPUs it needs on one node
 * @param engine the same for the pods of its group that are one engine, which are kept together
 *     before anything else; its own id for an engine of one pod
 */
public record Member(String id, Role role, int gpus, String engine) {
  /** More GPUs than any node has; a larger request fits nowhere anyway. */
  public static final int MOST_GPUS = 4096;

  public Member {
    if (gpus < 0 || gpus > MOST_GPUS) {
      throw new IllegalArgumentException(
          "pod " + id + ": " + gpus + " GPUs; accepted: 0 to " + MOST_GPUS);
    }
  }

  /** An engine of one pod. */
  public Member(String id, Role role, int gpus) {
    this(id, role, gpus, id);
  }
}
