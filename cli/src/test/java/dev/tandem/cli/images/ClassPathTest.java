package dev.tandem.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassPathTest {

  @TempDir private Path folder = Path.of("unset");

  @Test
  void ourOwnJarsAreToldFromLibraries() throws IOException {
    Path home = folder.resolve("home");
    Path module = jar(home.resolve("router-sidecar/target/router-sidecar-0.1.0.jar"));
    jar(home.resolve("router-sidecar/target/router-sidecar-0.1.0-sources.jar"));
    Path api = jar(home.resolve("api/target/api-0.1.0.jar"));
    Path library = jar(folder.resolve("repository/netty.jar"));
    Files.writeString(home.resolve("router-sidecar/target/classpath"), api + ":" + library + "\n");

    ClassPath read = ClassPath.of(home, "router-sidecar");

    assertThat(read.own()).containsExactly(module, api);
    assertThat(read.others()).containsExactly(library);
  }

  @Test
  void aModuleThatIsNotPackagedIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> ClassPath.of(folder, "webhook"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("webhook/target/classpath is missing: run './mvnw");
  }

  private static Path jar(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }
}
