package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.SchedulerConfiguration;
import dev.tandem.webhook.WebhookConfig;
import dev.tandem.webhook.certificates.WebhookRegistration;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@ExtendWith(ControlPlaneExtension.class)
final class ManifestsIT {
  /** Unknown and doubled fields are errors, and every admission step runs. */
  private static final String[] STRICT = {"apply", "--dry-run=server", "--validate=strict"};

  @BeforeAll
  static void installTheNamespacesThatADryRunWouldNotMake(RealControlPlane plane) {
    new Manifests(plane).installRights();
    new Kubectl(plane).run("apply", "-f", "manifests/examples/namespace.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifests/base",
        "manifests/fail-closed",
        "manifests/openshift",
        "manifests/extender",
        "manifests/recording",
        "manifests/router-rbac"
      })
  void theApiServerAcceptsEveryObjectOfAKustomization(String folder, RealControlPlane plane) {
    String output = new Kubectl(plane).run(with("-k", folder));

    assertThat(output).contains("(server dry run)").doesNotContain("Warning");
  }

  /**
   * A dry run changes no namespace, and this one's Pod Security has to allow its host's network.
   */
  @Test
  void theApiServerAcceptsTheOverlayForControlPlaneNodesInItsNamespace(RealControlPlane plane) {
    String overlay = "manifests/control-plane";
    Manifests manifests = new Manifests(plane);
    Map<String, String> labels =
        manifests.one(overlay, Namespace.class, WebhookConfig.NAMESPACE).getMetadata().getLabels();
    plane
        .client()
        .namespaces()
        .withName(WebhookConfig.NAMESPACE)
        .edit(there ->
            new NamespaceBuilder(there).editMetadata().addToLabels(labels).endMetadata().build());
    try {
      String output = new Kubectl(plane).run(with("-k", overlay));

      assertThat(output).contains("(server dry run)").doesNotContain("Warning");
    } finally {
      manifests.installRights();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theApiServerAcceptsEveryExample(String file, RealControlPlane plane) {
    String output = new Kubectl(plane).run(with("-f", file));

    assertThat(output).contains("(server dry run)").doesNotContain("Warning");
  }

  /** Only who is called differs: a Service here, a loopback URL there. */
  @Test
  void theManifestRegistersWhatTheWebhookRegistersByItself(RealControlPlane plane) {
    MutatingWebhookConfiguration shipped =
        new Manifests(plane).one("manifests/base", MutatingWebhookConfiguration.class, "tandem");
    MutatingWebhookConfiguration own =
        new WebhookRegistration(
                WebhookConfig.CONFIGURATION_NAME,
                "https://127.0.0.1:8443",
                List.of(WebhookConfig.SCHEDULER_USER),
                List.of("kube-system", WebhookConfig.NAMESPACE))
            .configuration("");

    assertThat(paths(shipped, entry -> entry.getClientConfig().getService().getPath()))
        .isEqualTo(paths(own, entry -> URI.create(entry.getClientConfig().getUrl()).getPath()));
    assertThat(withoutAddresses(shipped)).isEqualTo(withoutAddresses(own));
  }

  @Test
  void everyProcessUnderstandsItsArguments(RealControlPlane plane) {
    List<Container> ours =
        Stream.of("manifests/base", "manifests/extender", "manifests/control-plane")
            .flatMap(folder -> new Manifests(plane).render(folder).stream())
            .map(ManifestsIT::template)
            .flatMap(Optional::stream)
            .flatMap(template -> template.getSpec().getContainers().stream())
            .filter(container -> container.getImage().startsWith("tandem/"))
            .toList();
    CommandLine tandem =
        new CommandLine(new ContainerCommand())
            .addSubcommand(new dev.tandem.extender.Main())
            .addSubcommand(new dev.tandem.webhook.Main())
            .addSubcommand(new dev.tandem.controller.Main());

    assertThat(ours)
        .hasSize(7)
        .allSatisfy(container ->
            assertThat(tandem.parseArgs(container.getArgs().toArray(String[]::new)).subcommand())
                .isNotNull());
  }

  @Test
  void theOverlayThatRecordsHasAVolumeWhereTheExtenderWrites(RealControlPlane plane) {
    PodSpec pod =
        new Manifests(plane)
            .one("manifests/recording", Deployment.class, "tandem-scheduler")
            .getSpec()
            .getTemplate()
            .getSpec();

    assertThat(pod.getContainers())
        .filteredOn(container -> container.getName().equals("extender"))
        .singleElement()
        .satisfies(extender -> {
          assertThat(extender.getArgs()).contains("--record=/recording");
          assertThat(extender.getVolumeMounts())
              .anyMatch(mount -> mount.getMountPath().equals("/recording"));
        });
    assertThat(pod.getVolumes()).anyMatch(volume -> volume.getName().equals("recording"));
  }

  /** Else a stamp would say other links than those the pod was placed by. */
  @ParameterizedTest
  @ValueSource(strings = {"tandem-webhook", "tandem-controller"})
  void whoeverStampsReadsTheTopologyTheExtenderReads(String name, RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    PodSpec pod = pod(manifests, name);
    String folder =
        pod.getContainers().getFirst().getArgs().stream()
            .filter(arg -> arg.startsWith("--topology="))
            .findFirst()
            .orElseThrow()
            .substring("--topology=".length());
    String volume =
        pod.getContainers().getFirst().getVolumeMounts().stream()
            .filter(mount -> mount.getMountPath().equals(folder))
            .findFirst()
            .orElseThrow()
            .getName();

    assertThat(pod.getVolumes())
        .filteredOn(mounted -> mounted.getName().equals(volume))
        .singleElement()
        .satisfies(mounted -> {
          assertThat(mounted.getConfigMap().getOptional()).isTrue();
          assertThat(pod(manifests, "tandem-scheduler").getContainers())
              .anySatisfy(extender ->
                  assertThat(extender.getArgs())
                      .contains("--config-map=tandem-system/" + mounted.getConfigMap().getName()));
        });
  }

  private static PodSpec pod(Manifests manifests, String name) {
    return manifests
        .one("manifests/base", Deployment.class, name)
        .getSpec()
        .getTemplate()
        .getSpec();
  }

  /** OpenShift refuses a user that is not of the namespace's own range. */
  @Test
  void theOverlayForOpenShiftNamesNoUserAndNeverRoot(RealControlPlane plane) {
    List<PodSpec> pods =
        new Manifests(plane)
            .render("manifests/openshift").stream()
                .filter(Deployment.class::isInstance)
                .map(object -> ((Deployment) object).getSpec().getTemplate().getSpec())
                .toList();

    assertThat(pods)
        .hasSize(3)
        .allSatisfy(pod -> {
          assertThat(pod.getSecurityContext().getRunAsUser()).isNull();
          assertThat(pod.getSecurityContext().getRunAsGroup()).isNull();
          assertThat(pod.getSecurityContext().getFsGroup()).isNull();
          assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        });
    assertThat(pods)
        .flatExtracting(PodSpec::getContainers)
        .filteredOn(Container::getName, "webhook")
        .singleElement()
        .satisfies(webhook -> assertThat(webhook.getArgs()).contains("--sidecar-user=none"));
  }

  /** Only the entries for pods differ: a bind fails open in any case. */
  @Test
  void theOverlayForHighAvailabilityFailsClosedForPodsAlone(RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    String overlay = "manifests/fail-closed";

    assertThat(manifests.one(overlay, MutatingWebhookConfiguration.class, "tandem").getWebhooks())
        .extracting(entry ->
            entry.getClientConfig().getService().getPath() + " " + entry.getFailurePolicy())
        .containsExactly(
            "/mutate-pods Fail",
            "/mutate-pods Fail",
            "/mutate-bindings Ignore",
            "/mutate-bindings Ignore");
    assertThat(manifests.one(overlay, Deployment.class, "tandem-webhook").getSpec().getReplicas())
        .isEqualTo(3);
  }

  /** A host's port that nobody but its API server can reach, and kubelets by name. */
  @Test
  void theOverlayForControlPlaneNodesIsAskedWhereItListens(RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    String overlay = "manifests/control-plane";
    PodSpec pod =
        manifests.one(overlay, DaemonSet.class, "tandem-webhook").getSpec().getTemplate().getSpec();
    Container webhook = pod.getContainers().getFirst();

    assertThat(manifests.one(overlay, MutatingWebhookConfiguration.class, "tandem").getWebhooks())
        .extracting(entry -> entry.getClientConfig().getUrl())
        .containsExactly(
            "https://127.0.0.1:9643/mutate-pods",
            "https://127.0.0.1:9643/mutate-pods",
            "https://127.0.0.1:9643/mutate-bindings",
            "https://127.0.0.1:9643/mutate-bindings");
    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(webhook.getArgs())
        .contains("--host=127.0.0.1", "--port=9643")
        .doesNotContain("--port=8443");
    assertThat(webhook.getPorts().getFirst().getContainerPort()).isEqualTo(9643);
    assertThat(
            List.of(
                webhook.getStartupProbe(), webhook.getReadinessProbe(), webhook.getLivenessProbe()))
        .extracting(probe -> probe.getHttpGet().getHost())
        .containsOnly("127.0.0.1");
  }

  /** A drained node takes one replica at most, a lost one not all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"tandem-scheduler", "tandem-webhook", "tandem-controller"})
  void everyDeploymentOutlivesANode(String name, RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    DeploymentSpec deployment = manifests.one("manifests/base", Deployment.class, name).getSpec();
    PodDisruptionBudget budget = manifests.one("manifests/base", PodDisruptionBudget.class, name);
    NetworkPolicy network = manifests.one("manifests/base", NetworkPolicy.class, name);
    Map<String, String> labels = deployment.getTemplate().getMetadata().getLabels();

    assertThat(deployment.getReplicas()).isGreaterThanOrEqualTo(2);
    assertThat(deployment.getTemplate().getSpec().getTopologySpreadConstraints())
        .singleElement()
        .satisfies(spread ->
            assertThat(labels).containsAllEntriesOf(spread.getLabelSelector().getMatchLabels()));
    assertThat(labels)
        .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(network.getSpec().getPodSelector().getMatchLabels())
        .containsEntry(Keys.INJECT, "false");
    assertThat(budget.getSpec().getMinAvailable().getIntVal()).isPositive();
  }

  /** The API server checks the types of every expression after a policy was written. */
  @Test
  void theExpressionsOfEveryPolicyAreWellTyped(RealControlPlane plane) {
    try (InstalledPolicies _ = InstalledPolicies.start(plane)) {
      List<ValidatingAdmissionPolicy> policies =
          Eventually.becomes(
              "checked",
              () ->
                  plane
                      .client()
                      .admissionRegistration()
                      .v1()
                      .validatingAdmissionPolicies()
                      .withLabel("app.kubernetes.io/part-of", "tandem")
                      .list()
                      .getItems(),
              found ->
                  found.stream()
                      .allMatch(policy ->
                          policy.getStatus() != null
                              && policy.getStatus().getTypeChecking() != null));

      assertThat(policies)
          .hasSize(3)
          .allSatisfy(policy ->
              assertThat(policy.getStatus().getTypeChecking().getExpressionWarnings())
                  .isNullOrEmpty());
    }
  }

  /** A local run and a cluster must place alike. */
  @Test
  void theSchedulerConfigurationIsTheOneALocalRunStartsWith(RealControlPlane plane) {
    ObjectNode shipped =
        (ObjectNode)
            InstalledScheduler.configuration(new Manifests(plane), "http://127.0.0.1:8888");
    ObjectNode local = SchedulerConfiguration.of(URI.create("http://127.0.0.1:8888")).toJson();
    // One process needs no election.
    shipped.remove("leaderElection");
    local.remove("leaderElection");

    assertThat(shipped).isEqualTo(local);
  }

  @Test
  void aMisspeltFieldWouldBeFound(RealControlPlane plane) throws IOException {
    Path file = Files.createTempFile("misspelt", ".yaml");
    try {
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: ServiceAccount
          metadata: {name: misspelt}
          automountServiceAccountTokn: false
          """);

      Kubectl.Result result = new Kubectl(plane).tryRun(with("-f", file.toString()));

      assertThat(result.status()).isNotZero();
      assertThat(result.output()).contains("unknown field \"automountServiceAccountTokn\"");
    } finally {
      Files.delete(file);
    }
  }

  private static Optional<PodTemplateSpec> template(HasMetadata object) {
    return switch (object) {
      case Deployment deployment -> Optional.of(deployment.getSpec().getTemplate());
      case DaemonSet daemons -> Optional.of(daemons.getSpec().getTemplate());
      default -> Optional.empty();
    };
  }

  static List<String> examples() {
    return Manifests.examples();
  }

  @CommandLine.Command(name = "tandem")
  private static final class ContainerCommand {}

  private static List<String> paths(
      MutatingWebhookConfiguration configuration, Function<MutatingWebhook, String> path) {
    return configuration.getWebhooks().stream().map(path).toList();
  }

  private static List<MutatingWebhook> withoutAddresses(
      MutatingWebhookConfiguration configuration) {
    return configuration.getWebhooks().stream()
        .map(entry -> new MutatingWebhookBuilder(entry).withClientConfig(null).build())
        .toList();
  }

  private static String[] with(String... more) {
    return Stream.concat(Stream.of(STRICT), Stream.of(more)).toArray(String[]::new);
  }
}
