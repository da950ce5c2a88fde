package dev.tandem.extender.wire;

import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Map;

/**
 * A filter or prioritize call.
 *
 * @param pod the pod asked about
 * @param nodeNames the candidates, in the order they came
 * @param nodes the candidates as whole objects by name; empty where only names were sent
 * @param namesOnly whether only names were sent ({@code nodeCacheCapable: true})
 */
public record ExtenderArgs(
    PodFacts pod, List<String> nodeNames, Map<String, RawNode> nodes, boolean namesOnly) {
  public ExtenderArgs {
    nodeNames = List.copyOf(nodeNames);
    nodes = Map.copyOf(nodes);
  }

  /** What a body turns out to be. */
  public sealed interface Parsed permits Valid, Invalid {}

  /** A call that can be answered. */
  public record Valid(ExtenderArgs args) implements Parsed {}

  /** Not a call; the reason names what is wrong and what was expected. */
  public record Invalid(String reason) implements Parsed {}
}
