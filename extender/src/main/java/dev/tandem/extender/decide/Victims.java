package dev.tandem.extender.decide;

import java.util.List;

/**
 * Pods that would have to go from a node, as kube-scheduler's dry run found them. Immutable.
 *
 * @param uids their UIDs
 * @param disruptionBudgetViolations of them, those that break a PodDisruptionBudget
 */
public record Victims(List<String> uids, long disruptionBudgetViolations) {
  public Victims {
    uids = List.copyOf(uids);
  }
}
