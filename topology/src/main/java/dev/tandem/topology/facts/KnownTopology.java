package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything configuration says about a cluster, and how a node's labels are read beside it. The
 * extender and the webhook read nodes through one of these, so that a plan and the stamp on its
 * pods agree. Immutable.
 *
 * @param written facts of a topology file by node; the levels of one that has any win over every
 *     label
 * @param speeds bandwidth and transport a level
 * @param cost overheads a transport
 * @param keys labels a level
 */
public record KnownTopology(
    Map<String, NodeFacts> written, LinkSpeeds speeds, TransferCost cost, LevelKeys keys) {

  private static final KnownTopology NOTHING =
      new KnownTopology(
          Map.of(), LinkSpeeds.defaults(), TransferCost.defaults(), LevelKeys.builtIn());

  public KnownTopology {
    written = Collections.unmodifiableMap(new LinkedHashMap<>(written));
  }

  /** No configuration: labels by the built-in keys, and the defaults. */
  public static KnownTopology nothing() {
    return NOTHING;
  }

  /** What {@code file} says, over the defaults. */
  public static KnownTopology of(TopologyFile file) {
    Map<String, NodeFacts> written = new LinkedHashMap<>();
    file.nodes().forEach(node -> written.put(node.name(), node));
    return new KnownTopology(
        written,
        file.speeds(),
        new TransferCost(file.transports()),
        LevelKeys.builtIn().with(file.levelKeys()));
  }

  /** The same with other overheads for the transports {@code overheads} names. */
  public KnownTopology withTransports(Map<Transport, TransferCost.Overhead> overheads) {
    return new KnownTopology(written, speeds, cost.with(overheads), keys);
  }

  /** The same with labels that win over those it has. */
  public KnownTopology withLevelKeys(Map<Level, List<String>> custom) {
    return new KnownTopology(written, speeds, cost, keys.with(custom));
  }

  /** The nodes configuration describes that are not among {@code present}, as host lists. */
  public List<String> absent(Collection<String> present) {
    Set<String> names = new TreeSet<>(written.keySet());
    present.forEach(names::remove);
    return NameRange.fold(names);
  }

  /**
   * The facts of one node: levels from the file where it gives the node any, else from labels;
   * product and memory from whoever knows; GPUs as the cluster counts them.
   *
   * @param gpus allocatable GPUs
   */
  public NodeFacts facts(String node, Map<String, String> labels, int gpus) {
    NodeFacts labelled = NodeLabels.facts(node, labels, gpus, keys);
    NodeFacts file = written.get(node);
    if (file == null) {
      return labelled;
    }
    // An entry without levels is about other things: an imported matrix of GPUs knows no switches.
    boolean placed = !file.levels().isEmpty();
    List<String> problems = new ArrayList<>(file.problems());
    if (!placed) {
      problems.addAll(labelled.problems());
    }
    return new NodeFacts(
        node,
        (placed ? file : labelled).levels(),
        gpus,
        file.gpuProduct() == null ? labelled.gpuProduct() : file.gpuProduct(),
        Math.max(file.gpuMemoryMebibytes(), labelled.gpuMemoryMebibytes()),
        problems);
  }
}
