package dev.tandem.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.simulator.benchmark.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkPageTest {
  private static final Page PAGE = new Page("new tables\n", Map.of("picture.svg", "<svg/>"));

  @TempDir Path folder = Path.of("");

  @Test
  void onlyTheTextBetweenTheMarksIsReplaced() throws Exception {
    Path page = folder.resolve("placement.md");
    Files.writeString(page, "before\n<!-- tables: begin -->\nold\n<!-- tables: end -->\nafter\n");

    BenchmarkPage.write(folder, "placement.md", PAGE);

    assertThat(page)
        .hasContent("before\n<!-- tables: begin -->\n\nnew tables\n<!-- tables: end -->\nafter\n");
    assertThat(folder.resolve("picture.svg")).hasContent("<svg/>");
  }

  @Test
  void aMissingFolderAndPageAreMade() throws Exception {
    BenchmarkPage.write(folder.resolve("new"), "placement.md", PAGE);

    assertThat(folder.resolve("new/placement.md")).content().contains("new tables");
  }

  @Test
  void aPageWithoutMarksIsLeftAlone() throws Exception {
    Files.writeString(folder.resolve("placement.md"), "by hand");

    assertThatThrownBy(() -> BenchmarkPage.write(folder, "placement.md", PAGE))
        .hasMessageContaining("<!-- tables: begin -->");
    assertThat(folder.resolve("placement.md")).hasContent("by hand");
  }
}
