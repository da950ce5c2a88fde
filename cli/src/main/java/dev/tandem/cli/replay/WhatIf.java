package dev.tandem.cli.replay;

import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.record.Configuration;
import dev.tandem.extender.record.Replay;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that make a replay ask what would have been. */
final class WhatIf {
  @Option(
      names = "--noise",
      paramLabel = "SHARE",
      description = "What if nodes within this share of the best cost were offered, 0 to 1.")
  private @Nullable Double noise;

  @Option(
      names = "--short-list",
      paramLabel = "N",
      description = "What if a filter answered with at most this many nodes, 1 to 5000.")
  private @Nullable Integer shortList;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "What if this topology file had told links, transports and where nodes are.")
  private @Nullable Path topology;

  boolean asked() {
    return noise != null || shortList != null || topology != null;
  }

  /**
   * The change the flags ask for.
   *
   * @throws IOException if the topology file cannot be read
   * @throws IllegalArgumentException if a value is none that the extender would take
   */
  Replay.Change change() throws IOException {
    if (noise != null && !(noise >= 0 && noise <= 1)) {
      throw new IllegalArgumentException("--noise: " + noise + "; accepted: 0 to 1");
    }
    if (shortList != null && (shortList < 1 || shortList > 5_000)) {
      throw new IllegalArgumentException("--short-list: " + shortList + "; accepted: 1 to 5000");
    }
    TopologyFile file = topology == null ? null : TopologyFile.read(topology);
    Map<String, NodeFacts> written = new HashMap<>();
    if (file != null) {
      file.nodes().forEach(node -> written.put(node.name(), node));
    }
    return new Replay.Change(
        was -> configured(was, file), node -> placed(node, written), file != null);
  }

  private Configuration configured(Configuration was, @Nullable TopologyFile file) {
    Decider.Limits limits = was.limits();
    return new Configuration(
        new Decider.Limits(
            shortList == null ? limits.shortList() : shortList,
            noise == null ? limits.noise() : noise,
            limits.expectation(),
            limits.announcement(),
            limits.mostExpected()),
        file == null ? was.speeds() : was.speeds().with(file.bandwidth()),
        file == null ? was.cost() : was.cost().with(file.transports()));
  }

  /** As the extender reads the file: it wins over labels, the cluster tells the GPUs. */
  private static NodeState placed(NodeState node, Map<String, NodeFacts> written) {
    NodeFacts facts = node.facts();
    NodeFacts file = written.get(facts.name());
    if (file == null) {
      return node;
    }
    return new NodeState(
        new NodeFacts(
            facts.name(),
            file.levels(),
            facts.gpus(),
            file.gpuProduct() == null ? facts.gpuProduct() : file.gpuProduct(),
            Math.max(file.gpuMemoryMebibytes(), facts.gpuMemoryMebibytes()),
            List.of()),
        node.open(),
        node.tainted(),
        node.alive(),
        node.labels());
  }
}
