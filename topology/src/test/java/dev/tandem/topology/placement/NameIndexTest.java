package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameIndexTest {

  private static int find(NameIndex index, String name) {
    byte[] padded = ("##" + name + "#").getBytes(StandardCharsets.UTF_8);
    return index.of(padded, 2, padded.length - 1);
  }

  @Test
  void everyNameHasItsNumberAndNoOtherHasOne() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      String[] names = names(random, 1 + random.nextInt(2_000));
      NameIndex index = new NameIndex(List.of(names));
      for (int i = 0; i < names.length; i++) {
        assertThat(find(index, names[i])).as("seed %d, %s", seed, names[i]).isEqualTo(i);
      }
      Set<String> known = Set.of(names);
      for (String other : names(random, 500)) {
        if (!known.contains(other)) {
          assertThat(find(index, other)).as("seed %d, %s", seed, other).isEqualTo(Blocks.NONE);
        }
      }
    }
  }

  @Test
  void namesThatBeginAlikeAreToldApart() {
    NameIndex index = new NameIndex(List.of("gpu", "gpu-0", "gpu-00000000", "gpu-00000001"));
    assertThat(find(index, "gpu-00000001")).isEqualTo(3);
    assertThat(find(index, "gpu-0000000")).isEqualTo(Blocks.NONE);
    assertThat(find(index, "")).isEqualTo(Blocks.NONE);
  }

  @Test
  void noNamesAreNoProblem() {
    assertThat(find(new NameIndex(List.of()), "a")).isEqualTo(Blocks.NONE);
  }

  /** Short and long, in runs that differ in a digit, a few with other letters. */
  private static String[] names(Random random, int count) {
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      String stem = "n".repeat(random.nextInt(30)) + (random.nextInt(8) == 0 ? "é" : "-");
      names.add(stem + random.nextInt(10_000));
    }
    return names.toArray(String[]::new);
  }
}
