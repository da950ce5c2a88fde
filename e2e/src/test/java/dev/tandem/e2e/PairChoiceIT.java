package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.kubelet.KubeletOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One decode pod, a prefill pod in its NVLink domain and one under another spine: who computes a
 * prompt follows from the stamps, and from who is busy. At the pace of life, so that a long prompt
 * keeps an engine busy for as long as the test takes.
 */
@ExtendWith(ControlPlaneExtension.class)
final class PairChoiceIT {
  private static final String NAMESPACE = ServingNamespace.NAME;
  private static final String MODEL = "llama-3.1-70b";
  private static final int SERVING = 8000;

  private static InstalledWebhook webhook;
  private static ServingNamespace serving;
  private static KubernetesClient client;
  private static int asked;

  @BeforeAll
  static void startThreePods(RealControlPlane plane) {
    client = plane.client();
    webhook = InstalledWebhook.start(plane);
    serving = ServingNamespace.start(plane, KubeletOptions.defaults());
    client.resource(pod("decode", "decode", "gpu-000")).create();
    client.resource(pod("near", "prefill", "gpu-002")).create();
    client.resource(pod("far", "prefill", "gpu-062")).create();
    for (String name : new String[] {"decode", "near", "far"}) {
      Eventually.becomes(
          name + " ready",
          () -> get(name),
          pod -> pod != null && pod.getStatus() != null && ready(pod));
    }
    Eventually.becomes(
        "both prefill pods heard by the decode pod",
        () -> Http.metric(address("decode"), SERVING, "tandem_router_peers_heard"),
        heard -> heard == 2);
  }

  @AfterAll
  static void removeThem() {
    serving.close();
    webhook.close();
  }

  @Test
  void thePairFollowsTheStampsAndChangesWhileTheNearPrefillPodIsBusy() throws Exception {
    assertThat(Stamps.localityOf(get("near")).toString()).contains("nvlink=n00@");
    assertThat(Stamps.localityOf(get("far")).toString()).doesNotContain("nvlink=n00@");
    awaitChosen("near");

    // 120,000 tokens are 15 s of work.
    CompletableFuture<HttpResponse<String>> longOne =
        CompletableFuture.supplyAsync(
            () -> ask(120_000), task -> Thread.ofPlatform().daemon().start(task));
    Eventually.becomes(
        "the long prompt on its way",
        () -> Http.metric(address("decode"), SERVING, "tandem_router_in_flight"),
        inFlight -> inFlight == 1);
    awaitChosen("far");

    assertThat(prefillOf(longOne.get(120, TimeUnit.SECONDS))).isEqualTo("near");
    awaitChosen("near");
    assertThat(Http.get(address("decode"), SERVING, "/explain").body())
        .contains("\"outcome\":\"pair\"")
        .contains("\"worker\":\"far\"")
        .contains("transferSeconds");
  }

  /** Who is not heard for a moment is taken to be busy, which one prompt of a few may find. */
  private static void awaitChosen(String prefill) {
    Eventually.becomes("prefilled by " + prefill, () -> prefillOf(ask(4_000)), prefill::equals);
  }

  /** A prompt that no engine has seen before. */
  private static HttpResponse<String> ask(int tokens) {
    String begin = "Question " + ++asked + ". ";
    HttpResponse<String> answer =
        Http.chat(address("decode"), SERVING, MODEL, begin + "word".repeat(tokens));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static String prefillOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-tandem-prefill").orElse("nobody");
  }

  private static Pod pod(String name, String role, String node) {
    Pod pod =
        Examples.vllmPod(
            NAMESPACE,
            name,
            Map.of(
                Keys.KEEP,
                "schedulerName",
                Keys.ROLE,
                role,
                Keys.GROUP,
                "pair",
                Keys.MODEL,
                MODEL));
    return new PodBuilder(pod)
        .editSpec()
        .editFirstContainer()
        .withArgs("--model=meta-llama/Llama-3.1-70B-Instruct", "--served-model-name=" + MODEL)
        .endContainer()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .addNewMatchField()
        .withKey("metadata.name")
        .withOperator("In")
        .withValues(node)
        .endMatchField()
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .endSpec()
        .build();
  }

  private static Pod get(String name) {
    return client.pods().inNamespace(NAMESPACE).withName(name).get();
  }

  private static String address(String name) {
    return get(name).getStatus().getPodIP();
  }

  private static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }
}
