package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeLabelsTest {
  @Test
  void topograph10LabelsNameEveryLevel() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "fabric.topograph.run/tier-0", "l0",
                "fabric.topograph.run/tier-1", "s0",
                "fabric.topograph.run/tier-2", "c0",
                "accelerator.topograph.run/domain", "n0",
                "topology.kubernetes.io/zone", "z1"),
            8);
    assertThat(facts.levels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Level.LEAF,
                "l0",
                Level.SPINE,
                "s0",
                Level.CORE,
                "c0",
                Level.NVLINK,
                "n0",
                Level.ZONE,
                "z1"));
    assertThat(facts.problems()).isEmpty();
    assertThat(facts.gpus()).isEqualTo(8);
  }

  @Test
  void olderTopographLabelsNameTheSameLevels() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "network.topology.nvidia.com/accelerator", "n0",
                "network.topology.nvidia.com/leaf", "l0",
                "network.topology.nvidia.com/spine", "s0",
                "network.topology.nvidia.com/core", "c0"),
            8);
    assertThat(facts.levels())
        .isEqualTo(
            Map.of(Level.LEAF, "l0", Level.SPINE, "s0", Level.CORE, "c0", Level.NVLINK, "n0"));
    assertThat(facts.problems()).isEmpty();
  }

  @Test
  void theNewerGenerationWinsAndTheConflictIsReported() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of("fabric.topograph.run/tier-0", "l0", "network.topology.nvidia.com/leaf", "l9"),
            8);
    assertThat(facts.block(Level.LEAF)).isEqualTo("l0");
    assertThat(facts.problems())
        .containsExactly(
            "leaf: fabric.topograph.run/tier-0 says l0, network.topology.nvidia.com/leaf says l9;"
                + " the first counts");
  }

  @Test
  void aCliqueNamesThePartitionOfItsDomainWithoutAConflict() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of("nvidia.com/gpu.clique", "abc.2", "accelerator.topograph.run/domain", "abc"),
            8);
    assertThat(facts.block(Level.NVLINK)).isEqualTo("abc.2");
    assertThat(facts.problems()).isEmpty();
  }

  @Test
  void aCliqueIdOfZeroIsTheWholeDomain() {
    NodeFacts facts = NodeLabels.facts("gpu-0", Map.of("nvidia.com/gpu.clique", "n3.0"), 8);
    assertThat(facts.block(Level.NVLINK)).isEqualTo("n3");
  }

  @Test
  void aNodeWithoutLabelsSaysSo() {
    NodeFacts facts = NodeLabels.facts("cpu-0", Map.of(), 0);
    assertThat(facts.levels()).isEmpty();
    assertThat(facts.problems())
        .containsExactly("no topology label: links from and to this node are unknown");
  }

  @Test
  void aRegionStandsInForAMissingZoneWithAWord() {
    NodeFacts facts = NodeLabels.facts("gpu-0", Map.of("topology.kubernetes.io/region", "r1"), 8);
    assertThat(facts.block(Level.ZONE)).isEqualTo("r1");
    assertThat(facts.problems()).hasSize(1);
  }

  @Test
  void aMissingLeafBelowASpineIsAGap() {
    NodeFacts facts = NodeLabels.facts("gpu-0", Map.of("fabric.topograph.run/tier-1", "s0"), 8);
    assertThat(facts.problems()).containsExactly("no leaf label beside a spine or core label");
  }

  @Test
  void gpuFeatureDiscoveryTellsProductAndMemoryAndDisagreementIsReported() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3",
                "nvidia.com/gpu.memory", "81559",
                "nvidia.com/gpu.count", "8",
                "accelerator.topograph.run/domain", "n0"),
            7);
    assertThat(facts.gpuProduct()).isEqualTo("NVIDIA-H100-80GB-HBM3");
    assertThat(facts.gpuMemoryMebibytes()).isEqualTo(81559);
    assertThat(facts.gpus()).isEqualTo(7);
    assertThat(facts.problems())
        .containsExactly("nvidia.com/gpu.count says 8 GPUs but 7 are allocatable; 7 counts");
  }

  @Test
  void aMemoryThatIsNoNumberIsReportedAndUnknown() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of("nvidia.com/gpu.memory", "lots", "accelerator.topograph.run/domain", "n0"),
            8);
    assertThat(facts.gpuMemoryMebibytes()).isZero();
    assertThat(facts.problems()).containsExactly("nvidia.com/gpu.memory is not a number: lots");
  }
}
