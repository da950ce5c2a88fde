package dev.tandem.topology.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.topology.facts.TopologyFile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzTest {
  private static final String SPICE = "[]{}()\"'=,:-#\\\n\t 09xS-H\u0000\u001b[4m~*&!|>%@\u00e9";

  /** Whatever is changed in a good text, it is imported or refused, and what is imported writes. */
  @ParameterizedTest
  @EnumSource(Format.class)
  void aSpoiltTextIsImportedOrRefusedAndNothingElse(Format format) {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    String good = good(format);
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int i = random.nextInt(8); i >= 0 && !text.isEmpty(); i--) {
        spoil(text, random);
      }
      try {
        Imported imported =
            Imported.merge(List.of(Format.read(Fixtures.source(text.toString()), format)));
        TopologyFile file = imported.file(0);
        assertThat(TopologyFile.parse(file.yaml()).nodes())
            .containsExactlyInAnyOrderElementsOf(file.nodes());
        assertThat(imported.findings()).allMatch(finding -> finding.text().length() < 2_000);
      } catch (ImportRefused e) {
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2_000);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round + ":\n" + text, e);
      }
    }
  }

  /** Texts built to take time or memory out of proportion. */
  @Test
  @Timeout(120) // only so that an endless loop ends
  void hostileTextsAreAnsweredInBoundedTime() {
    StringBuilder chain = new StringBuilder();
    for (int i = 20_000; i > 0; i--) {
      chain.append("SwitchName=s%d Switches=s%d\n".formatted(i, i - 1));
    }
    StringBuilder upwards = new StringBuilder();
    for (int i = 1; i < 20_000; i++) {
      upwards.append("SwitchName=s%d Switches=s%d\n".formatted(i, i - 1));
    }
    StringBuilder oneHost = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      Fixtures.head(oneHost, "Switch", "S-" + i, "leaf" + i);
      Fixtures.line(oneHost, 1, "H-" + i, 1, "localhost mlx5_0", "4xNDR");
    }
    List<String> hostile =
        List.of(
            chain + "SwitchName=s0 Nodes=n[0-99999]\n",
            upwards + "SwitchName=s0 Nodes=n[0-99999]\n",
            "SwitchName=a Nodes=n[0-99999]\n".repeat(50),
            "SwitchName=a Nodes=" + "[0-9]".repeat(200_000) + "\n",
            "blocks:\n" + "- {switch: a, nodes: ['n[0-99999]']}\n".repeat(2_000),
            "switches: " + "[".repeat(100_000),
            "switches: &a [*a, *a]\nblocks: *a\n",
            oneHost.toString(),
            "Switch 1 \"S-1\" # \"" + "a ".repeat(1_000_000) + "\n[1] \"" + "b".repeat(1_000_000),
            "SwitchName" + "a".repeat(1_000_000),
            "SwitchName=" + " \t".repeat(1_000_000),
            "\n \n".repeat(2_000_000),
            "GPU0 " + "GPU1 ".repeat(500_000),
            "GPU0\n" + "GPU0 X\n".repeat(500_000));
    for (String text : hostile) {
      try {
        Imported.merge(List.of(Format.read(Fixtures.source(text), null)));
      } catch (ImportRefused e) {
        assertThat(e.getMessage()).hasSizeLessThan(2_000);
      }
    }
  }

  private static String good(Format format) {
    return switch (format) {
      case TOPOGRAPH -> Fixtures.MODEL + Fixtures.OLD_MODEL.replace("switches:", "others:");
      case SLURM -> Fixtures.SLURM_TREE + Fixtures.SLURM_BLOCKS;
      case IBNETDISCOVER -> Fixtures.fabric(2, 1, 2, 2, 1);
      case NVIDIA_SMI -> Fixtures.MATRIX;
    };
  }

  private static void spoil(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(40));
    switch (random.nextInt(5)) {
      case 0 -> text.setCharAt(at, SPICE.charAt(random.nextInt(SPICE.length())));
      case 1 -> text.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
      case 2 -> text.delete(at, end);
      case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
      default -> text.setCharAt(at, (char) random.nextInt(0xd800));
    }
  }
}
