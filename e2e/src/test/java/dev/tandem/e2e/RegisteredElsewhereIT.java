package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import dev.tandem.extender.certificates.CertificateFiles;
import dev.tandem.extender.certificates.ClientTls;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.ExtenderCertificates;
import dev.tandem.webhook.certificates.Rotation;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The extender in a scheduler of one's own, as docs/extender.md says: the entry is read off the
 * page, the certificates are those the webhook keeps; only addresses and paths are this machine's.
 */
@ExtendWith(ControlPlaneExtension.class)
final class RegisteredElsewhereIT {
  private static final String SCHEDULER = "elsewhere";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGroupIsPlacedOverTlsAndPodsWithoutGpusDoNotAsk(boolean namesOnly, RealControlPlane plane)
      throws Exception {
    try (Workspace workspace =
            Workspace.create(plane.client(), "elsewhere-" + namesOnly, Map.of());
        Extender extender = extender(plane.client(), workspace.namespace());
        RealControlPlane.Scheduler scheduler =
            plane.startScheduler(
                SCHEDULER + "-" + namesOnly,
                configuration(extender.port(), namesOnly),
                plane.kubeconfig())) {
      GroupPods pods = new GroupPods(workspace, plane.client(), 8);
      List<String> names = List.of("prefill", "decode");
      for (String role : names) {
        workspace.create(
            pods.pod("chat", "prefill=1,decode=1", role, role)
                .editSpec()
                .withSchedulerName(SCHEDULER)
                .endSpec()
                .build());
      }
      assertThat(pods.domains(names)).hasSize(1);
      String calls = calls(extender.port());
      assertThat(calls).contains("verb=\"filter\"");

      workspace.create(
          workspace.plainPod("no-gpu").editSpec().withSchedulerName(SCHEDULER).endSpec().build());
      workspace.bound("no-gpu");
      assertThat(calls(extender.port())).isEqualTo(calls);
      assertThat(scheduler).isNotNull();
    }
  }

  private Extender extender(KubernetesClient client, String namespace) throws IOException {
    Clock clock = Clock.systemUTC();
    new ExtenderCertificates(
            client,
            namespace,
            "tandem-extender",
            new CertificateIssuer(clock, new SecureRandom()),
            List.of("tandem-extender.tandem-system.svc", "127.0.0.1"),
            Rotation.standard(0),
            clock)
        .settle();
    Map<String, String> secret =
        client.secrets().inNamespace(namespace).withName("tandem-extender").get().getData();
    for (Map.Entry<String, String> file : secret.entrySet()) {
      Files.write(folder.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
    }
    CertificateFiles files =
        new CertificateFiles(
            folder.resolve("tls.crt"), folder.resolve("tls.key"), folder.resolve("ca.crt"));
    Extender extender = Extender.start(ExtenderConfig.defaults().withTls(files), client);
    InstalledScheduler.awaitReady(extender);
    return extender;
  }

  private ObjectNode configuration(int port, boolean namesOnly) throws IOException {
    String entry =
        Files.readAllLines(Project.root().resolve("docs/extender.md")).stream()
            .dropWhile(line -> !line.equals("    extenders:"))
            .takeWhile(line -> !line.isBlank())
            .collect(Collectors.joining("\n"));
    ObjectNode configuration = (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(entry);
    ObjectNode extender = (ObjectNode) configuration.at("/extenders/0");
    assertThat(extender.path("managedResources").isEmpty()).isFalse();
    extender.put("urlPrefix", "https://127.0.0.1:" + port);
    extender.put("nodeCacheCapable", namesOnly);
    extender
        .putObject("tlsConfig")
        .put("caFile", folder.resolve("ca.crt").toString())
        .put("certFile", folder.resolve("client.crt").toString())
        .put("keyFile", folder.resolve("client.key").toString());
    configuration.put("apiVersion", "kubescheduler.config.k8s.io/v1");
    configuration.put("kind", "KubeSchedulerConfiguration");
    configuration.putArray("profiles").addObject().put("schedulerName", SCHEDULER);
    return configuration;
  }

  /** How often each verb was called. */
  private String calls(int port) throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(ClientTls.context(folder.resolve("ca.crt"), null, null))
            .build()) {
      URI metrics = URI.create("https://127.0.0.1:" + port + "/metrics");
      return http.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("tandem_extender_request_seconds_count"))
          .collect(Collectors.joining("\n"));
    }
  }
}
