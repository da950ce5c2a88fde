package dev.tandem.topology.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IbFabricTest {
  @Test
  void hostsBelowTheSameRailsAreOneLeafAndPodsAreSpines() {
    Imported imported = Fixtures.read(Fixtures.fabric(2, 3, 16, 4, 4));
    assertThat(imported.nodes()).hasSize(2 * 3 * 16);
    assertThat(Fixtures.node(imported, "gpu-1-2-07").levels())
        .isEqualTo(Map.of(Level.LEAF, "leaf-1-2-0", Level.SPINE, "spine-1-0", Level.CORE, "core0"));
    Map<String, Long> leaves =
        imported.nodes().stream()
            .map(NodeFacts::levels)
            .collect(Collectors.groupingBy(l -> l.get(Level.LEAF), Collectors.counting()));
    assertThat(leaves).hasSize(6).containsValues(16L);
    assertThat(Fixtures.texts(imported, Finding.Kind.CONFLICT)).isEmpty();
    assertThat(Fixtures.texts(imported, Finding.Kind.GAP)).isEmpty();
  }

  @Test
  void aPortsShareOfTheUplinksIsTheBandwidthAboveTheLeaf() {
    Imported full = Fixtures.read(Fixtures.fabric(1, 2, 16, 4, 4)); // 16 cables up, 16 hosts
    Imported half = Fixtures.read(Fixtures.fabric(1, 2, 16, 4, 2));
    assertThat(span(full, Level.LEAF).narrowest()).isEqualTo(50);
    assertThat(span(full, Level.SPINE).narrowest()).isEqualTo(50);
    assertThat(span(half, Level.SPINE).narrowest()).isCloseTo(25, within(1e-9));
  }

  @Test
  void everySpeedIsKnown() {
    Map<String, Double> gigabytesPerSecond =
        Map.of(
            "4xNDR", 50.0, "4xHDR", 25.0, "2xHDR", 12.5, "4xXDR", 100.0, "4xEDR", 12.5, "1xNDR",
            12.5, "4xQDR", 4.0);
    gigabytesPerSecond.forEach((speed, expected) -> {
      Imported imported = Fixtures.read(Fixtures.fabric(1, 1, 2, 1, 1).replace("4xNDR", speed));
      assertThat(span(imported, Level.LEAF).narrowest()).as(speed).isEqualTo(expected);
    });
  }

  @Test
  void aSlowPortDoesNotSlowItsNodeAndASlowNodeSlowsTheLevelWithAWord() {
    String text = Fixtures.fabric(1, 2, 8, 4, 2);
    Imported onePort =
        Fixtures.read(
            text.replace(
                "# \"gpu-0-0-03 mlx5_2\" lid 9 4xNDR", "# \"gpu-0-0-03 mlx5_2\" lid 9 4xEDR"));
    assertThat(span(onePort, Level.LEAF).narrowest()).isEqualTo(50);
    assertThat(Fixtures.texts(onePort, Finding.Kind.NOTE))
        .contains("1 hosts have ports slower than their others, which count: gpu-0-0-03");
    Imported oneNode =
        Fixtures.read(
            text.replaceAll(
                "# \"gpu-0-0-03 mlx5_(\\d)\" lid 9 4xNDR", "# \"gpu-0-0-03 mlx5_$1\" lid 9 4xHDR"));
    assertThat(oneNode.links().get(Level.LEAF))
        .extracting(Span::narrowest, Span::widest)
        .containsExactly(25.0, 50.0);
    assertThat(Fixtures.texts(oneNode, Finding.Kind.NOTE))
        .contains("links.leaf: 25 to 50 GB/s seen; the narrowest counts");
  }

  @Test
  void aDeadCableAndAStorageSwitchMoveNobody() {
    StringBuilder text = new StringBuilder(Fixtures.fabric(1, 2, 8, 4, 2));
    int cable = text.indexOf("[4]\t\"H-00000302\"");
    text.delete(cable, text.indexOf("\n", cable) + 1);
    Fixtures.head(text, "Switch", "S-storage", "storage");
    for (int unit = 0; unit < 2; unit++) {
      for (int host = 0; host < 8; host++) {
        String name = "gpu-0-%d-%02d".formatted(unit, host);
        Fixtures.line(text, 1 + unit * 8 + host, "H-5" + unit + host, 1, name + " mlx5_9", "4xHDR");
      }
    }
    Imported imported = Fixtures.read(text.toString());
    assertThat(Fixtures.node(imported, "gpu-0-0-03").block(Level.LEAF)).isEqualTo("leaf-0-0-0");
    assertThat(Fixtures.node(imported, "gpu-0-1-03").block(Level.LEAF)).isEqualTo("leaf-0-1-0");
    assertThat(Fixtures.texts(imported, Finding.Kind.CONFLICT))
        .anyMatch(conflict -> conflict.contains("storage") && conflict.contains("gpu-0-0-"));
  }

  @Test
  void aManagementHostOnASpineMakesItNoLeaf() {
    StringBuilder text = new StringBuilder(Fixtures.fabric(1, 2, 8, 2, 2));
    Fixtures.head(text, "Switch", "S-20000", "MF0;spine-0-0:MQM9700/U1");
    Fixtures.line(text, 33, "H-777", 1, "ufm mlx5_0", "4xNDR");
    Imported imported = Fixtures.read(text.toString());
    assertThat(Fixtures.node(imported, "gpu-0-1-03").levels())
        .containsEntry(Level.LEAF, "leaf-0-1-0")
        .containsEntry(Level.SPINE, "spine-0-0");
    assertThat(Fixtures.texts(imported, Finding.Kind.GAP)).contains("leaf: nothing above ufm");
  }

  @Test
  void adaptersWithoutAHostAndBrokenLinesAreReportedWithTheirPlace() {
    String text =
        Fixtures.fabric(1, 1, 4, 1, 1)
            .replace("gpu-0-0-02 mlx5_0", "MT4129 ConnectX7   Mellanox Technologies")
            .replaceFirst("4xNDR", "4xFOO");
    Imported imported = Fixtures.read(text + "Switch nonsense\n");
    assertThat(imported.nodes()).extracting(NodeFacts::name).doesNotContain("gpu-0-0-02");
    assertThat(Fixtures.texts(imported, Finding.Kind.GAP))
        .contains(
            "f.txt: 1 adapters on 1 switches have a description that names no host; left out");
    assertThat(Fixtures.texts(imported, Finding.Kind.CONFLICT))
        .anyMatch(conflict -> conflict.startsWith("f.txt:4: speed '4xFOO'; accepted: 1x to 12x"))
        .anyMatch(conflict -> conflict.contains("'Switch nonsense' is not a block's head"));
  }

  @Test
  void fiveThousandHostsAreReadInSeconds() {
    String text = Fixtures.fabric(10, 16, 32, 8, 8);
    long start = System.nanoTime();
    Imported imported = Fixtures.read(text);
    System.out.printf(
        "%d hosts, %.1f MB: %.1f s%n",
        imported.nodes().size(), text.length() / 1e6, (System.nanoTime() - start) / 1e9);
    assertThat(imported.nodes()).hasSize(5120);
    assertThat(imported.nodes())
        .allMatch(node -> node.levels().keySet().containsAll(Fixtures.FABRIC));
  }

  private static Span span(Imported imported, Level level) {
    return Objects.requireNonNull(imported.links().get(level));
  }
}
