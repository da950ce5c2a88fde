package dev.tandem.extender;

import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What people should read about the topology: gaps and conflicts of the nodes, and names that are
 * described but no nodes. What was read last time is not told again. Safe for many threads.
 */
final class OddTopology {
  private Set<String> told = Set.of();

  /** One sentence for each thing that was not so last time. */
  synchronized List<String> news(KnownTopology known, Interconnect interconnect) {
    Set<String> now = new LinkedHashSet<>(interconnect.problems());
    List<String> absent = known.absent(interconnect.nodes().keySet());
    if (!absent.isEmpty()) {
      now.add("described, but not in the cluster: " + String.join(",", absent));
    }
    List<String> news = new ArrayList<>(now);
    news.removeAll(told);
    told = now;
    return news;
  }
}
