package dev.tandem.extender.decide;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes a pod could go to as far as we can tell: the scheduler knows more (tolerations,
 * volumes, other resources), which is why the answer it gets is about its own candidates.
 * Immutable.
 *
 * @param nodes those with room, by name
 * @param full those that lack nothing but free GPUs
 * @param shut those that take no pods now, though their labels fit
 * @param out how many are left out, by reason
 */
record Eligible(
    List<NodeState> nodes, List<NodeState> full, List<NodeState> shut, Map<String, Integer> out) {

  static Eligible of(Hypothesis hypothesis, Map<String, Integer> free, boolean taintedToo) {
    PodFacts pod = hypothesis.pod();
    List<NodeState> nodes = new ArrayList<>();
    List<NodeState> full = new ArrayList<>();
    List<NodeState> shut = new ArrayList<>();
    Map<String, Integer> out = new TreeMap<>();
    for (NodeState node : hypothesis.nodes()) {
      if (!node.labels().entrySet().containsAll(pod.nodeSelector().entrySet())) {
        out.merge("labels do not match its node selector", 1, Integer::sum);
      } else if (!node.open()) {
        out.merge("cordoned or not ready", 1, Integer::sum);
        shut.add(node);
      } else if (node.tainted() && !taintedToo) {
        out.merge("tainted", 1, Integer::sum);
      } else if (free.getOrDefault(node.facts().name(), 0) < pod.gpus()) {
        out.merge("fewer than " + pod.gpus() + " GPUs free", 1, Integer::sum);
        full.add(node);
      } else {
        nodes.add(node);
      }
    }
    return new Eligible(nodes, full, shut, out);
  }

  List<String> names() {
    return nodes.stream().map(node -> node.facts().name()).toList();
  }
}
