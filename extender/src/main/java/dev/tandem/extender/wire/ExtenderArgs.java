package dev.tandem.extender.wire;

import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A filter or prioritize call.
 *
 * @param pod the pod asked about
 * @param nodeNames the candidates, in the order they came
 * @param nodes the candidates as whole objects by name; empty where only names were sent
 * @param namesOnly whether only names were sent ({@code nodeCacheCapable: true})
 * @param sent the list of candidates just as it came, or null if nothing came
 */
public record ExtenderArgs(
    PodFacts pod,
    List<String> nodeNames,
    Map<String, RawJson> nodes,
    boolean namesOnly,
    @Nullable RawJson sent) {
  public ExtenderArgs {
    nodeNames = nodeNames instanceof SentNames ? nodeNames : List.copyOf(nodeNames);
    nodes = Map.copyOf(nodes);
  }

  /** A call with names only, made here. */
  public ExtenderArgs(PodFacts pod, List<String> nodeNames) {
    this(pod, nodeNames, Map.of(), true, null);
  }

  /** What a body turns out to be. */
  public sealed interface Parsed permits Valid, Invalid {}

  /** A call that can be answered. */
  public record Valid(ExtenderArgs args) implements Parsed {}

  /** Not a call; the reason names what is wrong and what was expected. */
  public record Invalid(String reason) implements Parsed {}
}
