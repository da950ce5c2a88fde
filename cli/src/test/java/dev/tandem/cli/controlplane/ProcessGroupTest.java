package dev.tandem.cli.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessGroupTest {
  private static final Path SHELL = Path.of("/bin/sh");

  @Test
  void aProcessThatEndsBeforeItIsHealthyIsReportedWithTheEndOfItsLog() {
    try (ProcessGroup group = ProcessGroup.inTemporaryFolder()) {
      List<String> arguments = List.of("-c", "echo the port is taken; exit 3");

      assertThatThrownBy(() -> group.run("server", SHELL, arguments, () -> false))
          .hasMessageContaining("server ended with status 3 before it was healthy")
          .hasMessageContaining("the port is taken");
    }
  }

  @Test
  void closingEndsTheProcessesAndRemovesTheirFolder() throws Exception {
    ProcessHandle running;
    Path folder;
    try (ProcessGroup group = ProcessGroup.inTemporaryFolder()) {
      folder = group.folder();
      Path pid = folder.resolve("pid");
      group.run(
          "server",
          SHELL,
          List.of("-c", "echo $$ > pid.new; mv pid.new pid; exec sleep 600"),
          () -> Files.exists(pid));
      running = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
      assertThat(running.isAlive()).isTrue();
    }
    assertThat(running.isAlive()).isFalse();
    assertThat(folder).doesNotExist();
  }

  @Test
  void theFolderMayBeClosedTwice() {
    ProcessGroup group = ProcessGroup.inTemporaryFolder();
    group.close();
    group.close();
    assertThat(group.folder()).doesNotExist();
  }
}
