package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.topology.imports.Format;
import dev.tandem.topology.imports.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownTopologyTest {
  private static final Map<String, String> LABELS =
      Map.of(
          "fabric.topograph.run/tier-0", "l0",
          "network.topology.nvidia.com/leaf", "l9",
          "accelerator.topograph.run/domain", "n0");

  private static KnownTopology of(String yaml) {
    return KnownTopology.of(TopologyFile.parse(yaml));
  }

  @Test
  void anImportedMatrixOfGpusLeavesTheLevelsOfItsNodeToTheLabels() {
    String matrix =
        """
        \tGPU0\tGPU1
        GPU0\tX\tNV18
        GPU1\tNV18\tX
        """;
    TopologyFile file = Format.read(new Source("topo", "gpu-0", matrix), null).file(0);
    NodeFacts facts = KnownTopology.of(file).facts("gpu-0", LABELS, 8);
    assertThat(facts.levels()).isEqualTo(Map.of(Level.LEAF, "l0", Level.NVLINK, "n0"));
    assertThat(facts.problems()).singleElement().asString().contains("l9");
    assertThat(facts.gpus()).isEqualTo(8);
  }

  @Test
  void anEntryWithoutLevelsStillSaysWhatElseItKnows() {
    KnownTopology known =
        of("nodes: [{names: gpu-0, product: NVIDIA-H100-80GB-HBM3, memory: 81559}]");
    NodeFacts facts = known.facts("gpu-0", LABELS, 8);
    assertThat(facts.gpuProduct()).isEqualTo("NVIDIA-H100-80GB-HBM3");
    assertThat(facts.block(Level.NVLINK)).isEqualTo("n0");
  }

  @Test
  void oneLevelInTheFileIsAllThatCounts() {
    NodeFacts facts = of("nodes: [{names: gpu-0, spine: s0}]").facts("gpu-0", LABELS, 8);
    assertThat(facts.levels()).isEqualTo(Map.of(Level.SPINE, "s0"));
    assertThat(facts.problems()).isEmpty();
  }
}
