package dev.tandem.extender.decide;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod is where it is, or why it is nowhere. Immutable.
 *
 * @param pod namespace/name
 * @param state what is known of it
 * @param node where it is bound, or null
 * @param asked what it asked for; null for a pod that asks nothing of us
 * @param decisions the last decisions about it, newest first
 * @param today the same question on the cluster as it is now, or null where there is none to ask
 * @param next what to do about it, one step a line; empty when all is well
 */
public record Explanation(
    String pod,
    State state,
    @Nullable String node,
    @Nullable Asked asked,
    List<Journal.Entry> decisions,
    @Nullable Today today,
    List<String> next) {

  public Explanation {
    decisions = List.copyOf(decisions);
    next = List.copyOf(next);
  }

  /** What is known of a pod. */
  public enum State {
    /** It has a node. */
    BOUND("bound"),
    /** It waits, and a node was named for it or none was asked for yet. */
    WAITING("waiting"),
    /** It waits because no node would do. */
    REFUSED("refused"),
    /** It asks nothing of us. */
    PASSED_THROUGH("passed-through"),
    /** It has finished or is gone; only what was decided is left. */
    GONE("gone"),
    /** Nothing was ever heard of it. */
    UNKNOWN("unknown");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** The word in JSON and tables. */
    public String label() {
      return label;
    }
  }

  /**
   * What a pod asked for.
   *
   * @param groupSize as announced, or null
   * @param bytes KV cache that one reference prompt moves between a pair of ranks, 0 if the pod
   *     exchanges none
   * @param promptTokens length of the reference prompt
   * @param problem what was wrong with its annotations and so ignored, or null
   */
  public record Asked(
      Role role,
      @Nullable String group,
      @Nullable String groupSize,
      @Nullable String model,
      int gpus,
      @Nullable Level required,
      Map<String, String> nodeSelector,
      long bytes,
      int promptTokens,
      @Nullable String problem) {
    public Asked {
      nodeSelector = Map.copyOf(nodeSelector);
    }
  }

  /**
   * The question asked again on the cluster as it is now, as if the pod had no node yet.
   *
   * @param best the best place, or null if there is none
   * @param here the place where the pod is, or null if it has none
   * @param reason why the best place is it, or why there is none
   * @param classes places that differ, best first
   * @param unpriced classes that were not priced, for time
   * @param unpricedNodes nodes in them
   * @param out nodes that were not considered, by reason
   * @param plan where the rest of the group is or would go
   * @param changes what would have to change for a better place, most helpful first
   * @param settled why nothing has to change, or null
   */
  public record Today(
      @Nullable Place best,
      @Nullable Place here,
      String reason,
      List<PlaceClass> classes,
      int unpriced,
      int unpricedNodes,
      Map<String, Integer> out,
      List<Planned> plan,
      List<Change> changes,
      @Nullable String settled) {
    public Today {
      classes = List.copyOf(classes);
      plan = List.copyOf(plan);
      changes = List.copyOf(changes);
    }
  }

  /**
   * A node and what the whole group comes to with the pod there.
   *
   * @param seconds predicted transfer of the reference prompt
   * @param shared nearest level whose one block holds the whole group, or null if none does
   * @param comfortable whether nobody loses a place that another group waits for
   */
  public record Place(
      String node, double seconds, @Nullable Level shared, boolean comfortable, String reason) {}

  /**
   * Nodes that are as good as each other: in the same blocks, with as many free GPUs.
   *
   * @param where the blocks, far to near
   * @param nodes how many
   * @param free free GPUs on each
   * @param place one of them, with what it comes to
   */
  public record PlaceClass(Map<Level, String> where, int nodes, int free, Place place) {}

  /**
   * A member of the group.
   *
   * @param member the pod's name, or what stands for one that is not created yet
   * @param node where it is, is expected, or would go; null if no place is found
   * @param state {@code bound}, {@code expected} or {@code planned}
   */
  public record Planned(String member, Role role, int gpus, @Nullable String node, String state) {}

  /**
   * Something that would make a better place, tried out on a copy of the cluster.
   *
   * @param level level of the block it is about
   * @param block the block's name
   * @param missing free GPUs that are missing there, on nodes where they help
   * @param holders who holds them
   * @param shut nodes there that take no pods now and would help as well
   * @param then the place the pod would get
   */
  public record Change(
      Level level, String block, int missing, List<Holder> holders, List<String> shut, Place then) {
    public Change {
      holders = List.copyOf(holders);
      shut = List.copyOf(shut);
    }
  }

  /**
   * A pod that holds GPUs which would help.
   *
   * @param pod namespace/name
   * @param group its group, or null
   * @param expected whether it is on its way there and not bound yet
   */
  public record Holder(
      String pod, @Nullable String group, String node, int gpus, boolean expected) {}
}
