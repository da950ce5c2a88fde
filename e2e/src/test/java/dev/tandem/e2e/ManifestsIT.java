package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.RealControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ControlPlaneExtension.class)
final class ManifestsIT {
  /** Unknown and doubled fields are errors, and every admission step runs. */
  private static final String[] STRICT = {"apply", "--dry-run=server", "--validate=strict"};

  @BeforeAll
  static void installTheNamespaceThatADryRunWouldNotMake(RealControlPlane plane) {
    new Manifests(plane).installRights();
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/base", "manifests/router-rbac"})
  void theApiServerAcceptsEveryObjectOfAKustomization(String folder, RealControlPlane plane) {
    String output = new Kubectl(plane).run(with("-k", folder));

    assertThat(output).contains("(server dry run)").doesNotContain("Warning");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theApiServerAcceptsEveryExample(String file, RealControlPlane plane) {
    String output = new Kubectl(plane).run(with("-f", file));

    assertThat(output).contains("(server dry run)").doesNotContain("Warning");
  }

  @Test
  void aMisspeltFieldWouldBeFound(RealControlPlane plane) throws IOException {
    Path file = Files.createTempFile("misspelt", ".yaml");
    try {
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: ServiceAccount
          metadata: {name: misspelt}
          automountServiceAccountTokn: false
          """);

      Kubectl.Result result = new Kubectl(plane).tryRun(with("-f", file.toString()));

      assertThat(result.status()).isNotZero();
      assertThat(result.output()).contains("unknown field \"automountServiceAccountTokn\"");
    } finally {
      Files.delete(file);
    }
  }

  static List<String> examples() throws IOException {
    Path root = Project.root();
    try (Stream<Path> files = Files.walk(root.resolve("manifests/examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .map(file -> root.relativize(file).toString())
          // A topology file is no Kubernetes object.
          .filter(file -> !file.contains("topology"))
          .sorted()
          .toList();
    }
  }

  private static String[] with(String... more) {
    return Stream.concat(Stream.of(STRICT), Stream.of(more)).toArray(String[]::new);
  }
}
