package dev.tandem.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command against a whole extender over real HTTP. */
@EnableKubernetesMockClient(crud = true)
@SuppressWarnings("NullAway.Init") // set by the extension
class ExplainCommandTest {
  private static final String GPUS = "nvidia.com/gpu";

  KubernetesClient client;
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
  void aWrongNameOrExtenderIsToldWithWhatToDo() {
    assertThat(run("chat")).isEqualTo(2);
    assertThat(err.toString()).contains("pod: 'chat'; accepted: namespace/name");
    assertThat(run("llm/chat", "--extender", "http://127.0.0.1:1")).isEqualTo(2);
    assertThat(err.toString()).contains("no extender answers at http://127.0.0.1:1");
  }
}
