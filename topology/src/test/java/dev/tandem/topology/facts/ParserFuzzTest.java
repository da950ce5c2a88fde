package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What comes in as text is read, or refused with a short reason, and nothing else. */
class ParserFuzzTest {
  private static final int ROUNDS = 3_000;

  private final long seed = Long.getLong("tandem.seed", 7);
  private final Random random = new Random(seed);

  @Test
  void spoiltTransports() {
    spoil(
        """
        transports:
          rdma: {setup-micros: 600, post-micros: 0.0085, efficiency: 0.86}
          tcp:
            efficiency: 0.5
        """,
        text ->
            assertThat(TopologyFile.parseTransports(text).values())
                .isNotEmpty()
                .allMatch(overhead -> overhead.efficiency() > 0 && overhead.efficiency() <= 1));
  }

  @Test
  void spoiltHostLists() {
    spoil(
        "gpu-[000-003,007],login1,r[1-2]n[08-11]-ib",
        text ->
            assertThat(NameRange.expand(text))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(name -> name.length() <= 253));
  }

  @Test
  void spoiltLevelKeys() {
    spoil(
        "leaf=backend.example.com/rack",
        text -> {
          assertThat(LevelKeys.parse(text).getKey()).isNotEqualTo(Level.NODE);
          assertThat(LevelKeys.parse(text).getValue()).isNotBlank();
        });
  }

  @Test
  void foldedNamesExpandToThemselves() {
    String alphabet = "ab-.001289";
    for (int round = 0; round < ROUNDS; round++) {
      Set<String> names = new TreeSet<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        StringBuilder name = new StringBuilder("n");
        for (int c = random.nextInt(14); c > 0; c--) {
          name.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        names.add(name.toString());
      }
      assertThat(new TreeSet<>(NameRange.expand(String.join(",", NameRange.fold(names)))))
          .as("seed %d", seed)
          .isEqualTo(names);
    }
  }

  private void spoil(String good, Consumer<String> parse) {
    String spice = "[]{}\"'*&:-,=/.#\n\t 079eE~\u0000\u00e9\u0663";
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int i = random.nextInt(5); i >= 0 && !text.isEmpty(); i--) {
        int at = random.nextInt(text.length());
        char other = spice.charAt(random.nextInt(spice.length()));
        switch (random.nextInt(4)) {
          case 0 -> text.setCharAt(at, other);
          case 1 -> text.insert(at, other);
          case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(9)));
          default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
        }
      }
      try {
        parse.accept(text.toString());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank().hasSizeLessThan(1_000);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round + ":\n" + text, e);
      }
    }
  }
}
