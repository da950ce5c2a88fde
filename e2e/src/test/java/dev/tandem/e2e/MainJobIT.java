package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.kubelet.KubeletOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples on a cluster that the manifests were applied to: from Deployments to answered
 * requests. Everything runs with the rights the manifests give it.
 */
@ExtendWith(ControlPlaneExtension.class)
final class MainJobIT {
  private static final String NAMESPACE = ServingNamespace.NAME;
  private static final int PODS = 10;
  private static final double SPEED_UP = 20;

  private static InstalledWebhook webhook;
  private static InstalledScheduler scheduler;
  private static ServingNamespace serving;
  private static KubernetesClient client;
  private static int asked;

  @BeforeAll
  static void applyTheExamples(RealControlPlane plane) {
    client = plane.client();
    Kubectl kubectl = new Kubectl(plane);
    webhook = InstalledWebhook.start(plane);
    scheduler = InstalledScheduler.start(plane);
    serving = ServingNamespace.start(plane, KubeletOptions.atSpeed(SPEED_UP));
    for (String example : Manifests.examples()) {
      kubectl.run("apply", "-f", example);
    }
    Eventually.becomes(
        "ten ready pods",
        MainJobIT::pods,
        pods -> pods.stream().filter(MainJobIT::ready).count() == PODS);
  }

  @AfterAll
  static void removeThem() {
    serving.close();
    scheduler.close();
    webhook.close();
  }

  @Test
  void everyPodOfADeploymentIsInjected() {
    assertThat(pods())
        .hasSize(PODS)
        .allSatisfy(pod -> {
          assertThat(pod.getMetadata().getAnnotations()).containsKey(Keys.INJECTED);
          assertThat(pod.getMetadata().getLabels()).containsKeys(Keys.ROLE, Keys.POOL);
          assertThat(pod.getSpec().getSchedulerName()).isEqualTo("tandem");
          assertThat(pod.getSpec().getInitContainers().getFirst().getName())
              .isEqualTo("tandem-router");
        });
  }

  @Test
  void everyPodIsStampedWithTheNodeItIsOn() {
    assertThat(pods())
        .allSatisfy(pod ->
            assertThat(Stamps.localityOf(pod).toString())
                .contains("node=" + pod.getSpec().getNodeName() + "@"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-70b", "qwen3-32b"})
  void aGroupIsWholeInsideOneNvlinkDomain(String group) {
    List<Pod> pods = podsOf(group);

    assertThat(pods).hasSize(4);
    assertThat(pods.stream().map(MainJobIT::nvlinkDomain).collect(Collectors.toSet()))
        .as("NVLink domains of %s", group)
        .hasSize(1);
  }

  @Test
  void ourSchedulerPlacedThePodsAndAskedTheExtender() {
    assertThat(
            client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> "Scheduled".equals(event.getReason())))
        .hasSize(PODS)
        .allSatisfy(event -> assertThat(event.getReportingComponent()).isEqualTo("tandem"));
    assertThat(Http.get("127.0.0.1", scheduler.extenderPort(), "/metrics").body())
        .containsPattern("tandem_extender_[a-z_]*\\{[^}]*filter[^}]*\\} [1-9]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-70b", "qwen3-32b"})
  void aStreamedRequestThroughAnySidecarIsServedByAPairAndTheEnginesConfirmTheTransfer(
      String group) {
    List<Pod> pods = podsOf(group);
    String model = servedModel(pods.getFirst());
    for (Pod entrance : pods) {
      double before = bytesReceived(pods);

      // A prefill engine that is not heard for a moment is taken to be busy.
      HttpResponse<String> answer =
          Eventually.becomes(
              "split",
              () -> Http.chat(entrance.getStatus().getPodIP(), 8000, model, prompt(entrance)),
              split -> split.headers().firstValue("x-tandem-prefill").isPresent());

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("data: {").contains("data: [DONE]");
      assertThat(role(pods, header(answer, "x-tandem-prefill"))).isEqualTo("prefill");
      assertThat(role(pods, header(answer, "x-tandem-decode"))).isEqualTo("decode");
      assertThat(bytesReceived(pods)).as("bytes the engines moved").isGreaterThan(before);
    }
  }

  @Test
  void aModelWithoutASplitIsServedByEachOfItsPods() {
    List<Pod> pods =
        pods().stream()
            .filter(pod -> "both".equals(pod.getMetadata().getLabels().get(Keys.ROLE)))
            .toList();

    assertThat(pods).hasSize(2);
    for (Pod entrance : pods) {
      HttpResponse<String> answer =
          Http.chat(entrance.getStatus().getPodIP(), 8000, "llama-3.1-8b", prompt(entrance));

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-tandem-prefill")).isEmpty();
      assertThat(answer.body()).contains("data: [DONE]");
    }
  }

  private static String servedModel(Pod pod) {
    return Objects.requireNonNull(pod.getMetadata().getAnnotations().get(Keys.MODEL));
  }

  /** Long enough that moving its KV cache pays, and seen by no engine before. */
  private static String prompt(Pod pod) {
    return "Question " + ++asked + ": " + (pod.getMetadata().getName() + " asks. ").repeat(800);
  }

  private static double bytesReceived(List<Pod> pods) {
    return pods.stream()
        .mapToDouble(
            pod -> Http.metric(pod.getStatus().getPodIP(), 8200, "vllm:nixl_bytes_transferred_sum"))
        .sum();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new AssertionError("no header " + name));
  }

  private static String role(List<Pod> pods, String name) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getName().equals(name))
        .map(pod -> pod.getMetadata().getLabels().get(Keys.ROLE))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pod " + name));
  }

  private static List<Pod> pods() {
    return client.pods().inNamespace(NAMESPACE).list().getItems();
  }

  private static List<Pod> podsOf(String group) {
    return client.pods().inNamespace(NAMESPACE).withLabel(Keys.GROUP, group).list().getItems();
  }

  private static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static String nvlinkDomain(Pod pod) {
    return Stamps.localityOf(pod).steps().stream()
        .filter(step -> step.level().equals("nvlink"))
        .map(LocalityPath.Step::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no NVLink domain in " + Stamps.localityOf(pod)));
  }
}
