package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The webhook is registered and does not answer; the policies are the API server's own. */
@ExtendWith(ControlPlaneExtension.class)
final class WebhookDownIT {
  private static InstalledAdmission admission;
  private static Workspace plain;
  private static Workspace optedIn;
  private static KubernetesClient client;

  @BeforeAll
  static void installAndCrash(RealControlPlane plane) {
    client = plane.client();
    admission = InstalledAdmission.start(plane, "webhook-down-opted-in");
    plain = Workspace.create(plane.client(), "webhook-down", Map.of());
    optedIn = admission.optedIn();
    admission.webhook().crash();
  }

  @AfterAll
  static void uninstall() {
    plain.close();
    admission.close();
  }

  @Test
  void podsWithoutOurLabelAreUntouched() {
    plain.create(plain.plainPod("plain").build());

    Pod bound = plain.bound("plain");

    assertThat(bound.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(bound.getSpec().getInitContainers()).isEmpty();
  }

  @Test
  void aPodThatOptedInIsRefusedWithTheNextStep() {
    Pod pod = Examples.labelled(Examples.vllmPod(plain.namespace(), "labelled", Map.of()));

    assertThatThrownBy(() -> plain.create(pod))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("has no router: the webhook did not answer")
        .hasMessageContaining("kubectl -n tandem-system get pods")
        .hasMessageContaining("production-stack.vllm.ai/router: none")
        .hasMessageContaining("production-stack.vllm.ai/inject: \"false\"");
  }

  @Test
  void soIsAPodWhoseNamespaceOptedIn() {
    Pod pod = Examples.vllmPod(optedIn.namespace(), "of-the-namespace", Map.of());

    assertThatThrownBy(() -> optedIn.create(pod)).hasMessageContaining("has no router");
  }

  @Test
  void aMarkerWithoutTheContainerIsNoWayPast() {
    Pod pod = Examples.vllmPod(optedIn.namespace(), "marked", Map.of(Keys.INJECTED, "{}"));

    assertThatThrownBy(() -> optedIn.create(pod)).hasMessageContaining("has no router");
  }

  @Test
  void aLocalityThatAPodBringsAlongIsRefused() {
    Pod pod =
        Examples.vllmPod(
            optedIn.namespace(),
            "forged",
            Map.of(Keys.ROUTER, "none", Keys.LOCALITY, "node=elsewhere@9000/nvlink"));

    assertThatThrownBy(() -> optedIn.create(pod))
        .hasMessageContaining("production-stack.vllm.ai/locality is set when a pod is bound");
  }

  static Stream<Pod> leftAloneOnPurpose() {
    String namespace = "webhook-down-opted-in";
    Pod optedOut = Examples.vllmPod(namespace, "opted-out", Map.of());
    optedOut.getMetadata().setLabels(Map.of(Keys.INJECT, "false"));
    Pod undecided = Examples.vllmPod(namespace, "label-without-a-value", Map.of());
    undecided.getMetadata().setLabels(Map.of(Keys.INJECT, ""));
    return Stream.of(
        undecided,
        Examples.vllmPod(namespace, "router-none", Map.of(Keys.ROUTER, "none")),
        optedOut,
        optedIn.plainPod("a-database").build(),
        withArgs("headless", "serve", "m", "--headless"),
        withCommand("a-benchmark-of-the-engines", "vllm", "bench", "serve"),
        inAShell("headless-in-a-shell", "exec vllm serve m --nnodes 2 --headless"),
        new PodBuilder(Examples.vllmPod(namespace, "on-windows", Map.of()))
            .editSpec()
            .addToNodeSelector("kubernetes.io/os", "windows")
            .endSpec()
            .build(),
        mirror(namespace));
  }

  @ParameterizedTest
  @MethodSource("leftAloneOnPurpose")
  void whatTheWebhookLeavesAloneIsAdmittedWithoutIt(Pod pod) {
    Pod created = Examples.dryRun(client, pod);

    assertThat(created.getMetadata().getName()).isEqualTo(pod.getMetadata().getName());
  }

  @Test
  void theHeadlessBrowserBesideAnEngineIsNoExcuseForIt() {
    Pod pod =
        new PodBuilder(Examples.vllmPod(optedIn.namespace(), "beside-a-browser", Map.of()))
            .editSpec()
            .addNewContainer()
            .withName("browser")
            .withImage("browser")
            .withArgs("--headless")
            .endContainer()
            .endSpec()
            .build();

    assertThatThrownBy(() -> Examples.dryRun(client, pod)).hasMessageContaining("has no router");
  }

  @Test
  void aDeploymentSaysWhyAndGetsItsPodsOnceTheWebhookIsBack() {
    client.resource(deployment(optedIn.namespace())).create();
    DeploymentCondition failure =
        Eventually.becomes(
                "refused",
                () ->
                    conditions().stream()
                        .filter(c -> c.getType().equals("ReplicaFailure"))
                        .toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(failure.getMessage()).contains("has no router");

    admission.webhook().comeBack();
    try {
      Pod pod =
          Eventually.becomes(
                  "created",
                  () ->
                      client
                          .pods()
                          .inNamespace(optedIn.namespace())
                          .withLabel("app", "deployed")
                          .list()
                          .getItems(),
                  found -> !found.isEmpty())
              .getFirst();
      assertThat(pod.getMetadata().getAnnotations()).containsKey(Keys.INJECTED);
    } finally {
      admission.webhook().crash();
    }
  }

  private static List<DeploymentCondition> conditions() {
    return client
        .apps()
        .deployments()
        .inNamespace(optedIn.namespace())
        .withName("deployed")
        .get()
        .getStatus()
        .getConditions();
  }

  private static io.fabric8.kubernetes.api.model.apps.Deployment deployment(String namespace) {
    Pod pod = Examples.vllmPod(namespace, "unused", Map.of());
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("deployed")
        .endMetadata()
        .withNewSpec()
        .withReplicas(1)
        .withNewSelector()
        .addToMatchLabels("app", "deployed")
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", "deployed")
        .endMetadata()
        .withSpec(pod.getSpec())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Pod withArgs(String name, String... args) {
    return new PodBuilder(Examples.vllmPod("webhook-down-opted-in", name, Map.of()))
        .editSpec()
        .editFirstContainer()
        .withArgs(args)
        .endContainer()
        .endSpec()
        .build();
  }

  private static Pod inAShell(String name, String script) {
    return withCommand(name, "sh", "-c", script);
  }

  private static Pod withCommand(String name, String... command) {
    return new PodBuilder(withArgs(name))
        .editSpec()
        .editFirstContainer()
        .withCommand(command)
        .endContainer()
        .endSpec()
        .build();
  }

  /** As a kubelet reports a pod of its own: it names its node and no account. */
  private static Pod mirror(String namespace) {
    return new PodBuilder(
            Examples.vllmPod(namespace, "mirror", Map.of("kubernetes.io/config.mirror", "x")))
        .editSpec()
        .withNodeName("gpu-0001")
        .endSpec()
        .build();
  }
}
