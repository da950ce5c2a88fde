package dev.tandem.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartCacheTest {

  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aProcessThatEndsBeforeItServesIsToldWithWhatItSaidAndLeavesNoFile() {
    assertThatThrownBy(() ->
            StartCache.train(new Unplayed(), JAVA, List.of("-cp", "."), folder.resolve("cache")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended before it served")
        .hasMessageContaining("no.such.Main");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aProcessWeHaveNoRehearsalOfIsRefusedWithThoseWeHave() {
    assertThatThrownBy(() -> Rehearsal.of("up"))
        .hasMessageContaining("\"up\"")
        .hasMessageContaining("extender, webhook, controller, router, vllm-standin");
  }

  private record Unplayed() implements Rehearsal {

    @Override
    public List<String> arguments() {
      return List.of("no.such.Main");
    }

    @Override
    public void play(String url) {
      throw new AssertionError("nothing serves");
    }

    @Override
    public void close() {}
  }
}
