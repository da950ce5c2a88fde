package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Choice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pod's question on a copy of the cluster in which it has no node, so that what-if questions
 * touch nothing real. One thread, used for one explanation.
 */
final class Hypothesis {
  private static final int LONG_LIST = 64;

  private final ClusterPicture copy;
  private final Decider decider;
  private final PodFacts pod;
  private final List<Expected> expected;

  /**
   * An answer.
   *
   * @param best the best choice, or null if there is none or all are as good
   * @param reason why
   * @param indifferent whether it is left to the scheduler
   */
  record Outcome(@Nullable Choice best, String reason, boolean indifferent) {}

  Hypothesis(ClusterPicture picture, Decider original, PodFacts pod) {
    this.pod = pod.waiting();
    this.copy = picture.copy();
    copy.pod(this.pod);
    Decider.Limits limits = original.limits();
    this.decider =
        original.apart(
            copy,
            new Decider.Limits(
                LONG_LIST,
                limits.noise(),
                limits.expectation(),
                limits.announcement(),
                limits.mostExpected()));
    this.expected =
        decider.handOver().stream().filter(e -> !e.pod().uid().equals(pod.uid())).toList();
  }

  PodFacts pod() {
    return pod;
  }

  /** Other pods that are on their way. */
  List<Expected> expected() {
    return expected;
  }

  List<NodeState> nodes() {
    return copy.nodes();
  }

  List<PodFacts> pods() {
    return copy.pods();
  }

  @Nullable GroupPods group(String key) {
    return copy.group(key);
  }

  /** Free GPUs of every node, with those promised to pods on their way taken off. */
  Map<String, Integer> free() {
    Map<String, Integer> used = new HashMap<>(copy.usedGpus());
    expected.forEach(e -> used.merge(e.node(), e.pod().gpus(), Integer::sum));
    Map<String, Integer> free = new HashMap<>();
    for (NodeState node : copy.nodes()) {
      String name = node.facts().name();
      free.put(name, Math.max(0, node.facts().gpus() - used.getOrDefault(name, 0)));
    }
    return free;
  }

  /** Asks where the pod should go. */
  Outcome ask(List<String> candidates) {
    Decision decision = decider.filter(pod, candidates);
    decider.settled(pod.uid());
    return switch (decision) {
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) ->
          new Outcome(choices.getFirst(), choices.getFirst().reason(), false);
      case Decision.Refused(var cause, String reason, Map<String, String> dropped) ->
          new Outcome(null, reason, false);
      case Decision.Indifferent indifferent -> new Outcome(null, indifferent.reason(), true);
      case Decision.PassedThrough() -> new Outcome(null, "asks nothing of us", true);
    };
  }

  /** Asks where the pod would go if these pods were gone and these nodes took pods. */
  Outcome askWithout(List<PodFacts> gone, List<NodeState> opened, List<String> candidates) {
    List<Expected> recalled = new ArrayList<>();
    for (PodFacts one : gone) {
      if (one.node() != null) {
        copy.podGone(one.uid());
      }
      expected.stream().filter(e -> e.pod().uid().equals(one.uid())).forEach(recalled::add);
      decider.settled(one.uid());
    }
    opened.forEach(
        node -> copy.node(new NodeState(node.facts(), true, node.tainted(), true, node.labels())));
    decider.handOver();
    try {
      return ask(candidates);
    } finally {
      opened.forEach(copy::node);
      gone.stream().filter(one -> one.node() != null).forEach(copy::pod);
      recalled.forEach(decider::expect);
      decider.handOver();
    }
  }
}
