package dev.tandem.extender.decide;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.placement.Choice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places that differ for a pod, with what each comes to. At most {@value #MOST} classes are
 * priced, those near the best first, for at most {@value #MILLIS} ms; the rest is counted.
 */
final class PlaceClasses {
  static final int MOST = 40;
  static final int MILLIS = 500;

  private static final Comparator<Explanation.PlaceClass> BEST_FIRST =
      Comparator.comparing((Explanation.PlaceClass c) -> !c.place().comfortable())
          .thenComparingDouble(c -> c.place().seconds())
          .thenComparingInt(Explanation.PlaceClass::free)
          .thenComparing(c -> c.place().node());

  private record Key(Map<Level, String> where, int free) {}

  private final Hypothesis hypothesis;
  private final Map<Key, List<String>> classes = new LinkedHashMap<>();
  private final List<Explanation.PlaceClass> priced = new ArrayList<>();
  private int unpriced;
  private int unpricedNodes;

  /**
   * @param free free GPUs by node
   * @param best the best place, whose class comes first, or null
   */
  PlaceClasses(
      Hypothesis hypothesis,
      List<NodeState> nodes,
      Map<String, Integer> free,
      @Nullable Choice best) {
    this.hypothesis = hypothesis;
    Map<Level, String> near = Map.of();
    for (NodeState node : nodes) {
      NodeFacts facts = node.facts();
      Key key = new Key(facts.levels(), free.getOrDefault(facts.name(), 0));
      List<String> names = classes.computeIfAbsent(key, k -> new ArrayList<>());
      if (best != null && best.node().equals(facts.name())) {
        names.addFirst(facts.name());
        near = facts.levels();
      } else {
        names.add(facts.name());
      }
    }
    price(near, best);
    priced.sort(BEST_FIRST);
  }

  List<Explanation.PlaceClass> priced() {
    return priced;
  }

  /** Classes that were not priced. */
  int unpriced() {
    return unpriced;
  }

  int unpricedNodes() {
    return unpricedNodes;
  }

  private void price(Map<Level, String> near, @Nullable Choice best) {
    List<Map.Entry<Key, List<String>>> inOrder = new ArrayList<>(classes.entrySet());
    inOrder.sort(
        Comparator.<Map.Entry<Key, List<String>>>comparingInt(
                entry -> best != null && entry.getValue().getFirst().equals(best.node()) ? 0 : 1)
            .thenComparing(entry -> -common(entry.getKey().where(), near))
            .thenComparing(entry -> entry.getKey().free()));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    for (Map.Entry<Key, List<String>> entry : inOrder) {
      if (priced.size() >= MOST || System.nanoTime() > end) {
        unpriced++;
        unpricedNodes += entry.getValue().size();
        continue;
      }
      Choice choice = hypothesis.ask(List.of(entry.getValue().getFirst())).best();
      if (choice != null) {
        priced.add(
            new Explanation.PlaceClass(
                entry.getKey().where(),
                entry.getValue().size(),
                entry.getKey().free(),
                Explainer.place(choice)));
      }
    }
  }

  private static int common(Map<Level, String> a, Map<Level, String> b) {
    return (int)
        a.entrySet().stream()
            .filter(entry -> entry.getValue().equals(b.get(entry.getKey())))
            .count();
  }
}
