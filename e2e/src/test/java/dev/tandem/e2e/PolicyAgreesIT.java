package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Origin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The policy in the API server and the injector never contradict each other: every golden pod is
 * sent to both, with the webhook and without it, in a namespace that opted in and in one that did
 * not. Nothing is created.
 */
@ExtendWith(ControlPlaneExtension.class)
final class PolicyAgreesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMESPACES = List.of("agrees-opted-in", "agrees-other");

  private static InstalledPolicies policies;
  private static List<Workspace> workspaces;
  private static KubernetesClient client;

  @BeforeAll
  static void install(RealControlPlane plane) {
    client = plane.client();
    policies = InstalledPolicies.start(plane);
    workspaces =
        List.of(
            Workspace.create(client, NAMESPACES.get(0), Map.of(Keys.INJECT, "true")),
            Workspace.create(client, NAMESPACES.get(1), Map.of()));
    accountsOfThePods();
  }

  @AfterAll
  static void uninstall() {
    workspaces.forEach(Workspace::close);
    policies.close();
  }

  /** What the API server makes of a pod. */
  private sealed interface Answer {
    record Admitted(Pod pod) implements Answer {}

    record RefusedByPolicy() implements Answer {}

    record RefusedByWebhook() implements Answer {}

    /** Not a pod: no admission of ours has a say. */
    record NoPod(String message) implements Answer {}
  }

  @Test
  void withoutTheWebhookWhatItWouldChangeOrRefuseIsRefusedAndNothingElse() {
    Tally tally = new Tally();
    for (GoldenPods.Golden golden : GoldenPods.all()) {
      for (String namespace : NAMESPACES) {
        InjectionResult result = injector(golden, namespace);
        boolean exempt =
            result instanceof InjectionResult.Skipped
                || asksForNoRouter(golden.pod())
                || bringsARouter(golden.pod());
        Answer answer = ask(golden, namespace);
        boolean agrees =
            switch (answer) {
              case Answer.Admitted _ -> exempt;
              case Answer.RefusedByPolicy _ -> !exempt;
              case Answer.RefusedByWebhook _ -> false;
              case Answer.NoPod _ -> true;
            };
        tally.note(golden, namespace, result, answer, agrees);
      }
    }
    tally.check();
  }

  @Test
  void withTheWebhookItsWordIsTheLast(RealControlPlane plane) {
    Tally tally = new Tally();
    try (InstalledWebhook _ = InstalledWebhook.start(plane)) {
      for (GoldenPods.Golden golden : GoldenPods.all()) {
        for (String namespace : NAMESPACES) {
          InjectionResult result = injector(golden, namespace);
          Answer answer = ask(golden, namespace);
          boolean agrees =
              switch (answer) {
                case Answer.Admitted(Pod pod) ->
                    switch (result) {
                      case InjectionResult.Injected _ ->
                          pod.getMetadata().getAnnotations().containsKey(Keys.INJECTED);
                      case InjectionResult.Skipped _ -> true;
                      case InjectionResult.Denied _ -> false;
                    };
                case Answer.RefusedByWebhook _ -> result instanceof InjectionResult.Denied;
                case Answer.RefusedByPolicy _ -> false;
                case Answer.NoPod _ -> true;
              };
          tally.note(golden, namespace, result, answer, agrees);
        }
      }
    }
    tally.check();
  }

  /** What was compared, with every disagreement. */
  private static final class Tally {
    private final List<String> disagreements = new ArrayList<>();
    private final List<String> noPods = new ArrayList<>();
    private int compared;

    void note(
        GoldenPods.Golden golden,
        String namespace,
        InjectionResult result,
        Answer answer,
        boolean agrees) {
      compared++;
      if (!agrees) {
        disagreements.add(golden + " in " + namespace + ": " + result.outcome() + " and " + answer);
      }
      if (answer instanceof Answer.NoPod(String message)) {
        noPods.add(golden + ": " + message);
      }
    }

    void check() {
      assertThat(disagreements).isEmpty();
      // A golden file that is no valid pod tells nothing; a few write what an API server refuses.
      assertThat(noPods.size()).as("no pods: %s", noPods).isLessThanOrEqualTo(compared / 10);
      assertThat(compared).isGreaterThan(150);
    }
  }

  private static InjectionResult injector(GoldenPods.Golden golden, String namespace) {
    return new Injector(InjectionConfig.DEFAULT)
        .inject(golden.pod(), new Origin(namespace, namespace.equals(NAMESPACES.getFirst())));
  }

  private static boolean asksForNoRouter(ObjectNode pod) {
    return pod.path("metadata").path("annotations").path(Keys.ROUTER).asText().equals("none");
  }

  private static boolean bringsARouter(ObjectNode pod) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container.path("name").asText().equals("tandem-router")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Answer ask(GoldenPods.Golden golden, String namespace) {
    try {
      Pod pod = JSON.convertValue(sent(golden), Pod.class);
      pod.getMetadata().setNamespace(namespace);
      return new Answer.Admitted(Examples.dryRun(client, pod));
    } catch (KubernetesClientException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("ValidatingAdmissionPolicy 'no-silent-bypass")) {
        return new Answer.RefusedByPolicy();
      }
      return message.contains("admission webhook")
          ? new Answer.RefusedByWebhook()
          : new Answer.NoPod(message);
    }
  }

  /** What an API server wants besides, and no rule of ours looks at. */
  private static ObjectNode sent(GoldenPods.Golden golden) {
    ObjectNode pod = golden.pod().deepCopy();
    if (pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror")) {
      pod.withObjectProperty("spec").put("nodeName", "gpu-0");
    }
    return pod;
  }

  private static void accountsOfThePods() {
    TreeSet<String> accounts = new TreeSet<>();
    for (GoldenPods.Golden golden : GoldenPods.all()) {
      accounts.add(golden.pod().path("spec").path("serviceAccountName").asText("default"));
    }
    accounts.remove("default");
    for (String account : accounts) {
      for (String namespace : NAMESPACES) {
        client
            .resource(
                new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(account)
                    .endMetadata()
                    .build())
            .create();
      }
    }
  }
}
