package dev.tandem.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import dev.tandem.extender.certificates.CertificateFiles;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.ExtenderCertificates;
import dev.tandem.webhook.certificates.Rotation;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a whole extender over real HTTP. */
class ExplainCommandTest {
  private static final String GPUS = "nvidia.com/gpu";

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final KubernetesClient client = cluster.client();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new ExplainCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private static Pod pod(String name, String node, Map<String, String> annotations) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("llm")
        .withUid("uid-" + name)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node.isEmpty() ? null : node)
        .addNewContainer()
        .withName("c")
        .withNewResources()
        .addToLimits(GPUS, new Quantity("8"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  @Test
  void aWaitingPodIsToldWhatIsInItsWay() throws Exception {
    for (int i = 0; i < 4; i++) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("gpu-" + i)
                  .addToLabels("accelerator.topograph.run/domain", "n" + i / 2)
                  .addToLabels("fabric.topograph.run/tier-0", "l0")
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
    }
    client.pods().resource(pod("in-the-way", "gpu-1", Map.of())).create();
    client.pods().resource(pod("in-the-way-too", "gpu-3", Map.of())).create();
    client
        .pods()
        .resource(
            pod(
                "chat-prefill",
                "",
                Map.of(
                    Keys.ROLE,
                    "prefill",
                    Keys.GROUP,
                    "chat",
                    Keys.GROUP_SIZE,
                    "prefill=1,decode=1")))
        .create();
    try (Extender extender = Extender.start(ExtenderConfig.defaults(), client)) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      String url = "http://127.0.0.1:" + extender.port();
      assertThat(run("llm/chat-prefill", "--extender", url)).isZero();
      assertThat(out.toString())
          .contains("llm/chat-prefill, waiting")
          .contains("prefill, 8 GPUs, group chat, of prefill=1,decode=1")
          .contains("Places considered")
          .contains("nvlink n0: 8 more GPUs free, held by llm/in-the-way (8 on gpu-1)")
          .contains("whole in NVLink domain n0")
          .contains("Is its schedulerName ours?");
      assertThat(run("llm/chat-prefill", "--extender", url, "--json")).isZero();
      assertThat(out.toString()).contains("\"missingGpus\" : 8");
      assertThat(run("llm/nobody", "--extender", url)).isEqualTo(1);
      assertThat(out.toString()).contains("llm/nobody, unknown").contains("Does it exist?");
    }
  }

  @Test
  void anExtenderThatAsksForCertificatesIsReachedWithThoseOfItsSecret(@TempDir Path folder)
      throws Exception {
    certificates(folder);
    ExtenderConfig config =
        ExtenderConfig.defaults()
            .withTls(
                new CertificateFiles(
                    folder.resolve("tls.crt"),
                    folder.resolve("tls.key"),
                    folder.resolve("ca.crt")));
    try (Extender extender = Extender.start(config, client)) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      String url = "https://127.0.0.1:" + extender.port();
      String ca = folder.resolve("ca.crt").toString();
      String cert = folder.resolve("client.crt").toString();
      String key = folder.resolve("client.key").toString();
      assertThat(run("llm/nobody", "--extender", url, "--ca", ca, "--cert", cert, "--key", key))
          .isEqualTo(1);
      assertThat(out.toString()).contains("llm/nobody, unknown").contains("another replica");

      assertThat(run("llm/nobody", "--extender", url, "--ca", ca)).isEqualTo(2);
      assertThat(err.toString()).contains("asks for a client certificate: --cert and --key");
      assertThat(run("llm/nobody", "--extender", url)).isEqualTo(2);
      assertThat(err.toString()).contains("--ca FILE says whom to trust");
    }
  }

  @Test
  void certificatesThatCannotBeUsedAreToldByName(@TempDir Path folder) throws Exception {
    certificates(folder);
    String url = "https://127.0.0.1:1";
    String ca = folder.resolve("ca.crt").toString();
    String cert = folder.resolve("client.crt").toString();
    String key = folder.resolve("client.key").toString();
    String other = folder.resolve("tls.key").toString();
    assertThat(run("llm/a", "--extender", url, "--cert", cert)).isEqualTo(2);
    assertThat(run("llm/a", "--extender", url, "--ca", key)).isEqualTo(2);
    assertThat(run("llm/a", "--extender", url, "--cert", cert, "--key", other)).isEqualTo(2);
    assertThat(run("llm/a", "--extender", url, "--ca", folder + "/none")).isEqualTo(2);
    assertThat(run("llm/a", "--ca", ca)).isEqualTo(2);
    assertThat(err.toString())
        .contains("--cert and --key belong together")
        .contains("client.key holds no certificate; accepted: PEM")
        .contains("tls.key is not the key of the certificate in")
        .contains("cannot read ")
        .contains("--ca, --cert and --key are for https, and --extender is http://127.0.0.1:8888");
  }

  /** Those the webhook keeps for an extender in another pod, as the files of a mounted Secret. */
  private void certificates(Path folder) throws IOException {
    Clock clock = Clock.systemUTC();
    new ExtenderCertificates(
            client,
            "tandem-system",
            "extender",
            new CertificateIssuer(clock, new SecureRandom()),
            List.of("tandem-extender.tandem-system.svc", "127.0.0.1"),
            Rotation.standard(0),
            clock)
        .settle();
    Map<String, String> data =
        client.secrets().inNamespace("tandem-system").withName("extender").get().getData();
    for (Map.Entry<String, String> file : data.entrySet()) {
      Files.write(folder.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
    }
  }

  @Test
  void aWrongNameOrExtenderIsToldWithWhatToDo() {
    assertThat(run("chat")).isEqualTo(2);
    assertThat(err.toString()).contains("pod: 'chat'; accepted: namespace/name");
    assertThat(run("llm/chat", "--extender", "http://127.0.0.1:1")).isEqualTo(2);
    assertThat(err.toString()).contains("no extender answers at http://127.0.0.1:1");
  }
}
