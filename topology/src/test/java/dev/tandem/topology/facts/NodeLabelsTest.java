package dev.tandem.topology.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  @Test
  void awsCountsItsLayersFromTheSpineDown() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "topology.k8s.aws/network-node-layer-1", "nn-far",
                "topology.k8s.aws/network-node-layer-2", "nn-middle",
                "topology.k8s.aws/network-node-layer-3", "nn-near",
                "topology.k8s.aws/capacity-block-id", "cr-1",
                "topology.k8s.aws/ultraserver-id", "us-1"),
            8);
    assertThat(facts.levels())
        .isEqualTo(
            Map.of(
                Level.LEAF,
                "nn-near",
                Level.SPINE,
                "nn-middle",
                Level.CORE,
                "nn-far",
                Level.NVLINK,
                "us-1"));
    assertThat(facts.problems()).isEmpty();
  }

  @Test
  void theOldestTopographGenerationNamesBlockAndDatacenter() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "network.topology.nvidia.com/accelerator", "n0",
                "network.topology.nvidia.com/block", "b0",
                "network.topology.nvidia.com/spine", "s0",
                "network.topology.nvidia.com/datacenter", "d0"),
            8);
    assertThat(facts.levels())
        .isEqualTo(
            Map.of(Level.LEAF, "b0", Level.SPINE, "s0", Level.CORE, "d0", Level.NVLINK, "n0"));
  }

  @Test
  void aGkeSubblockIsAnNvlinkDomainOnlyWhereNvlinkLeavesTheNode() {
    Map<String, String> place =
        Map.of(
            "cloud.google.com/gce-topology-block", "b1",
            "cloud.google.com/gce-topology-subblock", "sb1",
            "cloud.google.com/gce-topology-host", "h1");
    NodeFacts hopper = NodeLabels.facts("a3", with(place, NodeLabels.PRODUCT, "NVIDIA-H100"), 8);
    NodeFacts blackwell =
        NodeLabels.facts("a4x", with(place, NodeLabels.PRODUCT, "NVIDIA-GB200"), 4);
    NodeFacts byMachine =
        NodeLabels.facts(
            "a4x", with(place, "node.kubernetes.io/instance-type", "a4x-highgpu-4g"), 4);
    assertThat(hopper.levels()).isEqualTo(Map.of(Level.LEAF, "sb1", Level.SPINE, "b1"));
    assertThat(blackwell.block(Level.NVLINK)).isEqualTo("sb1");
    assertThat(byMachine.block(Level.NVLINK)).isEqualTo("sb1");
  }

  @Test
  void ociAndCoreWeaveKeysAreKnown() {
    NodeFacts oci =
        NodeLabels.facts(
            "bm",
            Map.of(
                "oci.oraclecloud.com/host.network_block_id", "nb",
                "oci.oraclecloud.com/host.rack_id", "rack",
                "oci.oraclecloud.com/rdma.hpc_island_id", "island",
                "oci.oraclecloud.com/host.gpu_memory_fabric_id", "fabric"),
            4);
    assertThat(oci.levels())
        .isEqualTo(
            Map.of(
                Level.LEAF,
                "rack",
                Level.SPINE,
                "nb",
                Level.CORE,
                "island",
                Level.NVLINK,
                "fabric"));
    NodeFacts coreWeave =
        NodeLabels.facts("cw", Map.of("backend.coreweave.cloud/leafgroup", "7"), 8);
    assertThat(coreWeave.block(Level.LEAF)).isEqualTo("7");
  }

  @Test
  void aConfiguredKeyWinsOverEveryBuiltInOneAndTheDifferenceIsReported() {
    LevelKeys keys =
        LevelKeys.builtIn().with(Map.of(Level.LEAF, List.of("example.com/tor", "example.com/row")));
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0", Map.of("example.com/row", "r1", "fabric.topograph.run/tier-0", "l0"), 8, keys);
    assertThat(facts.block(Level.LEAF)).isEqualTo("r1");
    assertThat(facts.problems())
        .containsExactly(
            "leaf: example.com/row says r1, fabric.topograph.run/tier-0 says l0;"
                + " the first counts");
  }

  @Test
  void aLevelKeyIsReadFromItsFlagOrRefusedWithWhatIsAccepted() {
    assertThat(LevelKeys.parse("leaf=backend.coreweave.cloud/leafgroup"))
        .isEqualTo(Map.entry(Level.LEAF, "backend.coreweave.cloud/leafgroup"));
    for (String bad : List.of("leaf", "row=a/b", "node=a/b", "leaf=", "leaf=a b", "=", "")) {
      assertThatThrownBy(() -> LevelKeys.parse(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("'", "a");
    }
  }

  @Test
  void aValueOfHundredThousandCharactersIsOneShortBlockOnEveryNode() {
    String huge = "s".repeat(100_000);
    NodeFacts one = NodeLabels.facts("a", Map.of("fabric.topograph.run/tier-0", huge), 8);
    NodeFacts two =
        NodeLabels.facts(
            "b",
            Map.of(
                "fabric.topograph.run/tier-0", BlockName.of(huge),
                "network.topology.nvidia.com/leaf", "t".repeat(100_000)),
            8);
    assertThat(one.block(Level.LEAF)).hasSizeLessThan(18).isEqualTo(two.block(Level.LEAF));
    assertThat(two.problems()).singleElement().asString().hasSizeLessThan(300);
  }

  @Test
  void aControlCharacterIsReportedWithItsPlaceAndTheNextLabelIsTaken() {
    NodeFacts facts =
        NodeLabels.facts(
            "gpu-0",
            Map.of(
                "fabric.topograph.run/tier-0", "l\u00070",
                "network.topology.nvidia.com/leaf", "l0"),
            8);
    assertThat(facts.block(Level.LEAF)).isEqualTo("l0");
    assertThat(facts.problems())
        .containsExactly(
            "leaf: fabric.topograph.run/tier-0 has a control character U+0007 at position 1:"
                + " l\\u00070; not used");
  }

  @Test
  void aTierBeyondTheCoreIsReportedWithTheFlagThatTakesIt() {
    Map<String, String> deep =
        Map.of(
            "fabric.topograph.run/tier-0", "a",
            "fabric.topograph.run/tier-1", "b",
            "fabric.topograph.run/tier-2", "c",
            "fabric.topograph.run/tier-3", "d");
    assertThat(NodeLabels.facts("gpu-0", deep, 8).problems())
        .singleElement()
        .asString()
        .contains("--level-key core=fabric.topograph.run/tier-3");
    LevelKeys keys =
        LevelKeys.builtIn().with(Map.of(Level.CORE, List.of("fabric.topograph.run/tier-3")));
    assertThat(NodeLabels.facts("gpu-0", deep, 8, keys).block(Level.CORE)).isEqualTo("d");
  }

  @Test
  void whateverTheLabelsSayTheFactsAreReadAndShort() {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    List<String> known = new ArrayList<>();
    for (Level level : Level.values()) {
      LevelKeys.builtIn().keys(level).forEach(key -> known.add(key.label()));
    }
    known.addAll(List.of(NodeLabels.COUNT, NodeLabels.MEMORY, NodeLabels.PRODUCT));
    for (int round = 0; round < 2_000; round++) {
      Map<String, String> labels = new HashMap<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        labels.put(known.get(random.nextInt(known.size())), anything(random));
      }
      NodeFacts facts = NodeLabels.facts("gpu-0", labels, random.nextInt(9));
      assertThat(facts.levels().values())
          .as("seed %d", seed)
          .allMatch(value -> value.getBytes(UTF_8).length <= BlockName.MOST_BYTES);
      assertThat(facts.problems()).as("seed %d", seed).allMatch(text -> text.length() < 1_000);
    }
  }

  private static String anything(Random random) {
    int length = random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(12);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          (char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : 'a' + random.nextInt(26)));
    }
    return random.nextInt(6) == 0 ? text + ".0" : text.toString();
  }

  private static Map<String, String> with(Map<String, String> labels, String key, String value) {
    Map<String, String> more = new HashMap<>(labels);
    more.put(key, value);
    return more;
  }
}
