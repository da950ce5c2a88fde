package dev.tandem.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MainTest {

  @Test
  void inAClusterItListensOnAllAddressesAndStandsForElection() {
    ControllerConfig config = config();

    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.lease()).isEqualTo("tandem-controller");
    assertThat(config.excludedNamespaces())
        .containsExactlyInAnyOrder("kube-system", "tandem-system");
  }

  @Test
  void withAKubeconfigItListensOnLoopbackOnly() {
    assertThat(config("--kubeconfig", "k").host()).isEqualTo("127.0.0.1");
  }

  @Test
  void aloneItNeedsNoLease() {
    assertThat(config("--no-leader-elect").lease()).isNull();
    assertThat(config("--leader-elect").lease()).isEqualTo("tandem-controller");
  }

  @Test
  void everyReplicaHasAnIdentityOfItsOwn() {
    assertThat(config().identity()).isNotEqualTo(config().identity());
  }

  @Test
  void aMissingKubeconfigIsOneLineAndNoTrace(@TempDir Path folder) {
    StringWriter err = new StringWriter();

    int code =
        new CommandLine(new Main())
            .setErr(new PrintWriter(err))
            .execute("--kubeconfig", folder.resolve("absent").toString(), "--port", "0");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("cannot be read");
  }

  private static ControllerConfig config(String... arguments) {
    Main main = new Main();
    new CommandLine(main).parseArgs(arguments);
    return main.config();
  }
}
