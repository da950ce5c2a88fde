package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyFileTest {
  private static final String TWO_DOMAINS =
      """
      links:
        nvlink: {bandwidth: 900, transport: mnnvl}
      nodes:
        - names: gpu-[000-001]
          nvlink: n0
          leaf: l0
          spine: s0
          core: c0
          zone: z1
          gpus: 8
          product: NVIDIA-H100-80GB-HBM3
          memory: 81559
        - names: gpu-[002,007]
          nvlink: n1
          leaf: l0
          gpus: 8
          used: 4
      """;

  @Test
  void bracketRangesNameNodes() {
    TopologyFile file = TopologyFile.parse(TWO_DOMAINS);
    assertThat(file.nodes())
        .extracting(NodeFacts::name)
        .containsExactly("gpu-000", "gpu-001", "gpu-002", "gpu-007");
    assertThat(file.used()).containsOnlyKeys("gpu-002", "gpu-007").containsEntry("gpu-002", 4);
  }

  @Test
  void linksOverrideTheDefaultsLevelByLevel() {
    TopologyFile file = TopologyFile.parse(TWO_DOMAINS);
    assertThat(file.speeds().link(Level.NVLINK))
        .isEqualTo(new LinkSpeeds.Link(900, Transport.MNNVL));
    assertThat(file.speeds().link(Level.SPINE)).isEqualTo(LinkSpeeds.defaults().link(Level.SPINE));
  }

  @Test
  void itsLabelsReadBackAsTheSameFacts() {
    for (NodeFacts node : TopologyFile.parse(TWO_DOMAINS).nodes()) {
      assertThat(NodeLabels.facts(node.name(), TopologyFile.labels(node), node.gpus()))
          .isEqualTo(node);
    }
  }

  @Test
  void anUnknownKeyIsRefusedWithItsName() {
    assertThatThrownBy(() -> TopologyFile.parse("nodes:\n  - {names: a, rack: r1}\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key 'rack'; accepted: core, gpus");
  }

  @Test
  void anUnknownLevelIsRefusedWithTheAcceptedOnes() {
    assertThatThrownBy(() ->
            TopologyFile.parse(
                "links: {row: {bandwidth: 5, transport: tcp}}\nnodes:\n  - {names: a}\n"))
        .hasMessageContaining("'row'")
        .hasMessageContaining("nvlink");
  }

  @Test
  void anUnknownTransportIsRefusedWithTheAcceptedOnes() {
    assertThatThrownBy(() ->
            TopologyFile.parse(
                "links: {leaf: {bandwidth: 5, transport: pigeon}}\nnodes:\n  - {names: a}\n"))
        .hasMessageContaining("links.leaf.transport")
        .hasMessageContaining("rdma");
  }

  @Test
  void aNodeNamedTwiceIsRefused() {
    assertThatThrownBy(() -> TopologyFile.parse("nodes:\n  - {names: 'a[1-2]'}\n  - {names: a2}\n"))
        .hasMessageContaining("a2 is named twice");
  }

  @Test
  void moreUsedThanThereAreIsRefused() {
    assertThatThrownBy(() -> TopologyFile.parse("nodes:\n  - {names: a, gpus: 2, used: 3}\n"))
        .hasMessageContaining("used: 3 of 2");
  }

  @Test
  void aRangeThatWouldFillTheMemoryIsRefused() {
    assertThatThrownBy(() -> TopologyFile.parse("nodes:\n  - {names: 'a[0-999999999]'}\n"))
        .hasMessageContaining("more than");
  }

  @Test
  void brokenYamlIsRefusedWithItsLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("t.yaml");
    Files.writeString(file, "nodes:\n  - {names: a\n");
    assertThatThrownBy(() -> TopologyFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t.yaml");
  }

  @Test
  void anEmptyFileIsRefused() {
    for (String text : List.of("", "nodes: []", "links: {}")) {
      assertThatThrownBy(() -> TopologyFile.parse(text)).hasMessageContaining("nodes:");
    }
  }
}
