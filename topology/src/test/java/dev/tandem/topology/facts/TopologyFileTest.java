package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
  void aNodeNamedTwiceKeepsItsFirstEntryAndSaysSo() {
    TopologyFile file =
        TopologyFile.parse(
            "nodes:\n  - {names: 'a[1-2]', leaf: l0}\n  - {names: a2, leaf: l1, nvlink: n1}\n");
    assertThat(file.nodes()).extracting(NodeFacts::name).containsExactly("a1", "a2");
    assertThat(file.nodes().get(0).problems()).isEmpty();
    assertThat(file.nodes().get(1).levels()).isEqualTo(Map.of(Level.LEAF, "l0"));
    assertThat(file.nodes().get(1).problems())
        .containsExactly(
            "named twice in the topology file; the first entry counts:"
                + " leaf l0 and l1, nvlink none and n1");
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

  @Test
  void transportsAndLevelKeysStandAlone() {
    TopologyFile file =
        TopologyFile.parse(
            """
            transports:
              rdma: {post-micros: 0.02, efficiency: 0.9}
            level-keys:
              leaf: [example.com/tor]
            """);
    KnownTopology known = KnownTopology.of(file);
    assertThat(known.cost().overhead(Transport.RDMA).postSeconds()).isEqualTo(0.02e-6);
    assertThat(known.cost().overhead(Transport.RDMA).setupSeconds()).isEqualTo(600e-6);
    assertThat(known.cost().overhead(Transport.TCP))
        .isEqualTo(TransferCost.defaults().overhead(Transport.TCP));
    assertThat(known.facts("a", Map.of("example.com/tor", "t1"), 8).block(Level.LEAF))
        .isEqualTo("t1");
  }

  @Test
  void absurdNumbersAreRefusedWithKeyValueAndAcceptedRange() {
    Map<String, String> bad =
        Map.of(
            "links: {leaf: {bandwidth: 0, transport: rdma}}", "links.leaf: bandwidth 0.0 GB/s",
            "links: {leaf: {bandwidth: -5, transport: rdma}}", "links.leaf: bandwidth -5.0 GB/s",
            "links: {leaf: {bandwidth: NaN, transport: rdma}}", "links.leaf: bandwidth NaN GB/s",
            "links: {leaf: {bandwidth: 1e12, transport: rdma}}", "accepted: 0.001 to 100000.0",
            "transports: {rdma: {efficiency: 0}}", "transports.rdma: efficiency 0.0",
            "transports: {rdma: {efficiency: 1.5}}", "accepted is above 0 and at most 1",
            "transports: {rdma: {post-micros: 1e9}}", "transports.rdma: post 1000.0 s",
            "transports: {rdma: {setup-micros: -1}}", "accepted is 0 to 10.0",
            "transports: {pigeon: {efficiency: 1}}", "'pigeon'; accepted: [nvlink, mnnvl",
            "level-keys: {node: [a/b]}", "level-keys: unknown level 'node'");
    bad.forEach((text, message) ->
        assertThatThrownBy(() -> TopologyFile.parse(text))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(message));
  }

  @Test
  void whatIsWrittenReadsBackAsTheSameFile() {
    TopologyFile file =
        new TopologyFile(
            TopologyFile.parse(TWO_DOMAINS).nodes(),
            Map.of(Level.SPINE, new LinkSpeeds.Link(12.5, Transport.RDMA)),
            Map.of("gpu-002", 4, "gpu-007", 4),
            Map.of(Transport.TCP, new TransferCost.Overhead(0.001, 1e-7, 0.4)),
            Map.of(Level.LEAF, List.of("example.com/tor")));
    assertThat(TopologyFile.parse(file.yaml())).isEqualTo(file);
    assertThat(file.yaml()).contains("gpu-[000-001]").contains("gpu-[002,007]");
  }

  @Test
  void everyWrittenFileReadsBackAsTheSame() {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      Map<String, NodeFacts> nodes = new TreeMap<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        String name = name(random);
        Map<Level, String> levels = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
          if (level != Level.NODE && random.nextBoolean()) {
            levels.put(level, block(random));
          }
        }
        nodes.put(name, new NodeFacts(name, levels, random.nextInt(9), null, 0, List.of()));
      }
      TopologyFile file =
          new TopologyFile(new ArrayList<>(nodes.values()), Map.of(), Map.of(), Map.of(), Map.of());
      String yaml = file.yaml();
      assertThat(TopologyFile.parse(yaml).nodes())
          .as("seed %d, %s", seed, yaml)
          .containsExactlyInAnyOrderElementsOf(file.nodes());
    }
  }

  @Test
  void anythingElseIsRefusedInItsOwnWords() {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    for (int round = 0; round < 1_000; round++) {
      StringBuilder text = new StringBuilder(TWO_DOMAINS);
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
          case 1 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(30)));
          default -> text.insert(at, "[{:-,&*!|>'\"%@`#\n\t 9".charAt(random.nextInt(20)));
        }
      }
      try {
        TopologyFile.parse(text.toString());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank().hasSizeLessThan(1_500);
      }
    }
  }

  private static String name(Random random) {
    String head = "ab-".substring(0, 1 + random.nextInt(3));
    int number = random.nextInt(120);
    return switch (random.nextInt(4)) {
      case 0 -> head + number;
      case 1 -> head + "%03d".formatted(number);
      case 2 -> head + "%02d".formatted(number) + ".x";
      default -> head + "c".repeat(1 + random.nextInt(3));
    };
  }

  private static String block(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Integer.toString(random.nextInt(100));
      case 1 -> "no";
      case 2 -> "0x1f";
      case 3 -> "S-2c5eab0300b87b40: #1";
      case 4 -> "1e3";
      default -> "leaf-" + random.nextInt(9);
    };
  }
}
