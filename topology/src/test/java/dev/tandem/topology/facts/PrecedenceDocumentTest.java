package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the table of docs/topology.md to the code. */
class PrecedenceDocumentTest {
  private static final List<Level> NEAR_TO_FAR =
      List.of(Level.NVLINK, Level.LEAF, Level.SPINE, Level.CORE, Level.ZONE);

  @Test
  void theTableListsEveryKeyInTheOrderItWins() throws Exception {
    List<String> expected = new ArrayList<>();
    for (Level level : NEAR_TO_FAR) {
      int place = 1;
      for (LevelKeys.Key key : LevelKeys.builtIn().keys(level)) {
        expected.add(
            "| %s | %d | `%s` | %s |"
                .formatted(level.label(), place++, key.label(), key.writtenBy()));
      }
    }
    List<String> table =
        Files.readAllLines(Path.of("..", "docs", "topology.md")).stream()
            .filter(line -> line.matches("\\| [a-z]+ \\| \\d+ \\| .*"))
            .toList();
    assertThat(table).as(String.join("\n", expected)).isEqualTo(expected);
  }
}
