package dev.tandem.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MainTest {

  @Test
  void inAClusterItListensOnAllAddressesAndRegistersNothing() {
    WebhookConfig config = config();
    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.port()).isEqualTo(8443);
    assertThat(config.register()).isFalse();
    assertThat(config.webhookConfiguration()).isNull();
    assertThat(config.certificates()).isEqualTo(new CertificateMode.InMemory());
    assertThat(config.schedulerUsers())
        .containsExactly("system:serviceaccount:tandem-system:tandem-scheduler");
    assertThat(config.injection().schedulerName()).isEqualTo("tandem");
  }

  @Test
  void withAKubeconfigItListensOnLoopbackOnly() {
    assertThat(config("--kubeconfig", "k").host()).isEqualTo("127.0.0.1");
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

  @Test
  void registeringWritesTheConfigurationNamedTandem() {
    assertThat(config("--register").webhookConfiguration()).isEqualTo("tandem");
  }

  @Test
  void theCertificateCoversTheServiceInItsNamespaceAndLoopback() {
    assertThat(config("--service", "w", "--namespace", "n").certificateNames())
        .contains("w.n.svc", "w.n.svc.cluster.local", "localhost", "127.0.0.1");
  }

  @Test
  void severalSchedulerUsersMayBeGiven() {
    assertThat(config("--scheduler-user", "a", "--scheduler-user", "b").schedulerUsers())
        .containsExactly("a", "b");
  }

  @Test
  void aSchedulerUserThatCouldBreakOutOfItsExpressionIsRefused() {
    assertThatThrownBy(() -> config("--scheduler-user", "a' || true || '"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scheduler user");
  }

  @Test
  void eachCertificateModeHasItsFlags() {
    assertThat(config("--certificate-secret", "tls").certificates())
        .isEqualTo(new CertificateMode.OwnSecret("tls"));
    assertThat(
            config("--certificates", "cert_manager", "--certificate-secret", "tls").certificates())
        .isEqualTo(new CertificateMode.CertManager("tls"));
    assertThat(config("--certificates", "files", "--certificate-folder", "d").certificates())
        .isEqualTo(new CertificateMode.Files(Path.of("d")));
  }

  @Test
  void aCertificateModeThatLacksItsFlagIsRefused() {
    assertThatThrownBy(() -> config("--certificates", "cert_manager"))
        .hasMessageContaining("--certificate-secret");
    assertThatThrownBy(() -> config("--certificates", "files"))
        .hasMessageContaining("--certificate-folder");
    assertThatThrownBy(() -> config("--certificate-folder", "d"))
        .hasMessageContaining("--certificates=files");
  }

  @Test
  void theRoutersUserIsOursOneOfYoursOrNone() {
    assertThat(config().injection().sidecarUser().uid()).isEqualTo(65_532);
    assertThat(config("--sidecar-user", "1000").injection().sidecarUser().uid()).isEqualTo(1000);
    assertThat(config("--sidecar-user", "none").injection().sidecarUser().uid()).isNull();
    assertThatThrownBy(() -> config("--sidecar-user", "root")).hasMessageContaining("and none");
  }

  @Test
  void flagsForTheRoutersAreCheckedBeforeAPodNeedsThem() {
    assertThat(config().injection().routerOptions().flags()).isEmpty();
    assertThat(
            config("--router-option=--policy=Session", "--router-option", "--index=exact")
                .injection()
                .routerOptions()
                .flags())
        .containsExactly("--policy=Session", "--index=exact");
    assertThatThrownBy(() -> config("--router-option=--policy=best"))
        .hasMessageContaining("router option: \"--policy=best\": accepted is --policy= and one of");
  }

  private static WebhookConfig config(String... arguments) {
    Main main = new Main();
    new CommandLine(main).parseArgs(arguments);
    return main.config();
  }
}
