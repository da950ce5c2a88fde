package dev.tandem.topology.imports;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects findings, at most {@value #MOST_OF_A_KIND} of a kind; the rest is counted. One thread.
 */
final class Findings {
  static final int MOST_OF_A_KIND = 200;

  private final List<Finding> findings = new ArrayList<>();
  private final Map<Finding.Kind, Integer> counts = new EnumMap<>(Finding.Kind.class);

  void note(String text) {
    add(Finding.Kind.NOTE, text);
  }

  void gap(String text) {
    add(Finding.Kind.GAP, text);
  }

  void conflict(String text) {
    add(Finding.Kind.CONFLICT, text);
  }

  void addAll(List<Finding> others) {
    others.forEach(finding -> add(finding.kind(), finding.text()));
  }

  List<Finding> list() {
    List<Finding> list = new ArrayList<>(findings);
    counts.forEach((kind, count) -> {
      if (count > MOST_OF_A_KIND) {
        list.add(new Finding(kind, "and " + (count - MOST_OF_A_KIND) + " more like these"));
      }
    });
    return list;
  }

  private void add(Finding.Kind kind, String text) {
    if (counts.merge(kind, 1, Integer::sum) <= MOST_OF_A_KIND) {
      findings.add(new Finding(kind, text));
    }
  }
}
