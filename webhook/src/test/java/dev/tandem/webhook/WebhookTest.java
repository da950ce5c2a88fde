package dev.tandem.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.webhook.http.Caller;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The whole process in one JVM, against an API server stand-in. */
final class WebhookTest {

  @AutoClose private final MockCluster cluster = new MockCluster();

  @Test
  void aBindIsStampedWithWhatTheNodesLabelsSay() throws Exception {
    node("gpu-1", Map.of("topology.kubernetes.io/zone", "z1", "nvidia.com/gpu.clique", "n3.0"));
    try (Webhook webhook = Webhook.start(WebhookConfig.local(0), cluster.client());
        Caller caller = new Caller(webhook.url(), webhook.caBundlePem())) {
      awaitReady(caller);
      assertThat(stamp(caller, "gpu-1"))
          .contains("zone=z1@3.1/tcp", "nvlink=n3@450/mnnvl", "node=gpu-1@50/pcie");
    }
  }

  @Test
  void aNodeWithoutLabelsIsStampedWithItsNameAlone() throws Exception {
    node("plain", Map.of());
    try (Webhook webhook = Webhook.start(WebhookConfig.local(0), cluster.client());
        Caller caller = new Caller(webhook.url(), webhook.caBundlePem())) {
      awaitReady(caller);
      assertThat(stamp(caller, "plain")).contains("\"node=plain@50/pcie\"");
    }
  }

  @Test
  void aNodeThatComesMovesOrGoesIsFollowed() throws Exception {
    try (Webhook webhook = Webhook.start(WebhookConfig.local(0), cluster.client());
        Caller caller = new Caller(webhook.url(), webhook.caBundlePem())) {
      awaitReady(caller);
      assertThat(stamp(caller, "late")).isEmpty();
      node("late", Map.of("topology.kubernetes.io/zone", "z1"));
      awaitStamp(caller, "late", "zone=z1");
      node("late", Map.of("topology.kubernetes.io/zone", "z2"));
      awaitStamp(caller, "late", "zone=z2");
      cluster.client().nodes().withName("late").delete();
      awaitStamp(caller, "late", "");
    }
  }

  /** Neither path asks anybody: an API server that waits for us cannot be asked by us. */
  @Test
  void reviewsAreAnsweredWhereTheApiServerCannotBeAsked() throws Exception {
    node("gpu-1", Map.of("topology.kubernetes.io/zone", "z1"));
    try (Webhook webhook = Webhook.start(WebhookConfig.local(0), cluster.client());
        Caller caller = new Caller(webhook.url(), webhook.caBundlePem())) {
      awaitReady(caller);
      cluster.client().close();
      assertThat(stamp(caller, "gpu-1")).contains("zone=z1");
      String pod =
          """
          {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",
          "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"CREATE","namespace":"models",
          "object":{"spec":{"containers":[{"name":"vllm","image":"vllm","args":["--model","m"]}]}}}}
          """;
      assertThat(caller.review("/mutate-pods", pod).has("patch")).isTrue();
    }
  }

  @Test
  void itRegistersItselfWithItsLoopbackAddressAndAuthority() throws Exception {
    try (Webhook webhook = Webhook.start(WebhookConfig.local(0), cluster.client())) {
      MutatingWebhook entry =
          cluster
              .client()
              .admissionRegistration()
              .v1()
              .mutatingWebhookConfigurations()
              .withName("tandem")
              .get()
              .getWebhooks()
              .getFirst();
      assertThat(entry.getClientConfig().getUrl()).isEqualTo(webhook.url() + "/mutate-pods");
      assertThat(Base64.getDecoder().decode(entry.getClientConfig().getCaBundle()))
          .isEqualTo(webhook.caBundlePem().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void awaitReady(Caller caller) {
    await()
        .untilAsserted(() -> {
          HttpResponse<String> answer = caller.get("/readyz");
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        });
  }

  private static void awaitStamp(Caller caller, String node, String part) {
    await()
        .until(
            () -> stamp(caller, node),
            stamp -> part.isEmpty() ? stamp.isEmpty() : stamp.contains(part));
  }

  private static String stamp(Caller caller, String node) throws Exception {
    String review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",
        "kind":{"group":"","version":"v1","kind":"Binding"},"operation":"CREATE",
        "namespace":"models","object":{"metadata":{"name":"p"},"target":{"name":"%s"}}}}
        """
            .formatted(node);
    String patch = caller.review("/mutate-bindings", review).path("patch").asText("");
    String text = new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8);
    assertThat(text.isEmpty() || text.contains(Keys.LOCALITY.replace("/", "~1"))).isTrue();
    return text;
  }

  private void node(String name, Map<String, String> labels) {
    cluster
        .client()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .createOr(existing -> existing.update());
  }
}
