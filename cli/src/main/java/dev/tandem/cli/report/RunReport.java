package dev.tandem.cli.report;

import java.util.List;

/**
 * One run: where its pods were and how its requests fared.
 *
 * @param groups those that exchange KV cache
 */
public record RunReport(
    List<GroupPlace> groups, List<PodPlace> placements, RequestSummary requests) {

  public RunReport {
    groups = List.copyOf(groups);
    placements = List.copyOf(placements);
  }

  /** Whether every group is complete and every request was served. */
  public boolean good() {
    return groups.stream().allMatch(GroupPlace::complete) && requests.errors() == 0;
  }
}
