package dev.tandem.extender.decide;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.topology.placement.Member;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What placement needs to know of a pod. Immutable.
 *
 * @param uid the pod's UID
 * @param namespace its namespace
 * @param name its name
 * @param node where it is bound, or null
 * @param holdsGpus false once it has finished
 * @param leaving whether it is being deleted: it holds its GPUs but serves no group
 * @param createdMillis creation time, epoch milliseconds, 0 if unknown
 * @param gpus GPUs it asks for; above {@link Member#MOST_GPUS} they count as that many, which no
 *     node has either
 * @param nodeSelector labels its node must have
 * @param priority scheduling priority, {@code spec.priority}; 0 where none is set
 * @param engine the pods it is one engine with, or null for an engine of one pod
 * @param tentative whether it is asked about as part of a pod group, which kube-scheduler tries in
 *     several places before it settles on one: such questions must leave no trace
 * @param ask what its annotations ask of us, or null if it is none of ours
 */
public record PodFacts(
    String uid,
    String namespace,
    String name,
    @Nullable String node,
    boolean holdsGpus,
    boolean leaving,
    long createdMillis,
    int gpus,
    Map<String, String> nodeSelector,
    int priority,
    @Nullable Engine engine,
    boolean tentative,
    @Nullable Ask ask) {

  public PodFacts {
    gpus = Math.clamp(gpus, 0, Member.MOST_GPUS);
    nodeSelector = Map.copyOf(nodeSelector);
  }

  /** A pod of priority 0 that is an engine by itself. */
  public PodFacts(
      String uid,
      String namespace,
      String name,
      @Nullable String node,
      boolean holdsGpus,
      boolean leaving,
      long createdMillis,
      int gpus,
      Map<String, String> nodeSelector,
      @Nullable Ask ask) {
    this(
        uid,
        namespace,
        name,
        node,
        holdsGpus,
        leaving,
        createdMillis,
        gpus,
        nodeSelector,
        0,
        null,
        false,
        ask);
  }

  /**
   * One engine that runs in several pods: a replica of a LeaderWorkerSet.
   *
   * @param key the same for its pods, unique in their namespace
   * @param pods pods it is made of, at least 1
   */
  public record Engine(String key, int pods) {
    /** More nodes than one engine has ever been cut into. */
    public static final int MOST_PODS = 1024;

    public Engine {
      if (pods < 1 || pods > MOST_PODS) {
        throw new IllegalArgumentException(
            "engine " + key + ": " + pods + " pods; accepted: 1 to " + MOST_PODS);
      }
    }
  }

  /**
   * What a pod's annotations ask for.
   *
   * @param role its role
   * @param group its group, or null
   * @param groupSize pods of each role in the whole group, or null if not said
   * @param model served model name, or null if not said
   * @param kvBytesPerToken overrides the model's, 0 if not said
   * @param required the level the group must share, or null
   * @param problem what was wrong with an annotation and so ignored, or null
   */
  public record Ask(
      Role role,
      @Nullable String group,
      @Nullable GroupSize groupSize,
      @Nullable String model,
      long kvBytesPerToken,
      @Nullable Level required,
      @Nullable String problem) {

    /** The same with one more thing that people should read in the reason. */
    public Ask noting(String remark) {
      return new Ask(
          role,
          group,
          groupSize,
          model,
          kvBytesPerToken,
          required,
          problem == null ? remark : problem + "; " + remark);
    }
  }

  /** The same pod bound to a node. */
  public PodFacts on(String where) {
    return new PodFacts(
        uid,
        namespace,
        name,
        where,
        holdsGpus,
        leaving,
        createdMillis,
        gpus,
        nodeSelector,
        priority,
        engine,
        tentative,
        ask);
  }

  /** The same pod waiting for a node. */
  PodFacts waiting() {
    return new PodFacts(
        uid,
        namespace,
        name,
        null,
        true,
        false,
        createdMillis,
        gpus,
        nodeSelector,
        priority,
        engine,
        tentative,
        ask);
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** {@code namespace/group}, or null for a pod without a group. */
  public @Nullable String groupKey() {
    return ask == null || ask.group() == null ? null : namespace + "/" + ask.group();
  }

  /** Whether placement has to know of it: it asks for GPUs, or for something of ours. */
  public boolean matters() {
    return gpus > 0 || ask != null;
  }

  /** Whether it waits for a node. */
  boolean pending() {
    return node == null && holdsGpus && !leaving;
  }

  /** Whether it counts as a member of its group. */
  boolean member() {
    return holdsGpus && !leaving;
  }
}
