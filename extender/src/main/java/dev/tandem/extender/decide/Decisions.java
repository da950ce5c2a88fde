package dev.tandem.extender.decide;

import java.util.List;
import java.util.Map;

/** Answers kube-scheduler's questions about a pod. Implementations are safe for many threads. */
public interface Decisions {

  /**
   * Picks the nodes a pod may go to.
   *
   * @param candidates names of the nodes that are left so far
   */
  Decision filter(PodFacts pod, List<String> candidates);

  /**
   * Scores nodes.
   *
   * @param candidates names of the nodes that came through all filters
   * @return scores up to 10, best first, of those that have one above 0
   */
  Map<String, Integer> prioritize(PodFacts pod, List<String> candidates);

  /**
   * Picks the nodes worth evicting on.
   *
   * @param pod the pod that wants the victims' place
   * @param offered victims by node
   * @return of the nodes offered, those to go on with, each with the victims it came with
   */
  Map<String, Victims> preempt(PodFacts pod, Map<String, Victims> offered);
}
