package dev.tandem.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/**
 * The second kube-scheduler and the extender as the manifests install them: the shipped
 * configuration with the extender's port, and the scheduler's own account. The extender runs with
 * an account that has its role alone, though in the shipped pod it shares the scheduler's.
 */
final class InstalledScheduler implements AutoCloseable {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String EXTENDER = "extender-alone";

  private final KubernetesClient client;
  private final Extender extender;
  private final RealControlPlane.Scheduler scheduler;

  private InstalledScheduler(RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    manifests.installRights();
    client = extenderClient(plane);
    extender = Extender.start(ExtenderConfig.defaults(), client);
    awaitReady(extender);
    scheduler =
        plane.startScheduler(
            "tandem-scheduler",
            configuration(manifests, "http://127.0.0.1:" + extender.port()),
            plane.kubeconfigOfServiceAccount("tandem-system", "tandem-scheduler"));
  }

  static InstalledScheduler start(RealControlPlane plane) {
    return new InstalledScheduler(plane);
  }

  int extenderPort() {
    return extender.port();
  }

  @Override
  public void close() {
    scheduler.close();
    extender.close();
    client.close();
  }

  /** A client that may do what the role {@code tandem-extender} allows. */
  static KubernetesClient extenderClient(RealControlPlane plane) {
    KubernetesClient admin = plane.client();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("tandem-system")
                .withName(EXTENDER)
                .endMetadata()
                .build())
        .serverSideApply();
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(EXTENDER)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "tandem-extender")
                .addNewSubject("", "ServiceAccount", EXTENDER, "tandem-system")
                .build())
        .serverSideApply();
    KubernetesClient client =
        plane.clientFor(plane.kubeconfigOfServiceAccount("tandem-system", EXTENDER));
    // The authorizer learns of the new binding by watching.
    Eventually.succeeds(() -> client.nodes().list());
    return client;
  }

  static void awaitReady(Extender extender) {
    try {
      if (!extender.awaitReady(Duration.ofSeconds(60))) {
        throw new AssertionError("the extender is not ready after 60 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the extender started", e);
    }
  }

  /** The shipped configuration for an extender at another address. */
  static JsonNode configuration(Manifests manifests, String extenderUrl) {
    String text =
        manifests
            .one("manifests/base", ConfigMap.class, "tandem-scheduler")
            .getData()
            .get("scheduler.yaml");
    try {
      JsonNode configuration = YAML.readTree(text);
      ObjectNode extender = (ObjectNode) configuration.path("extenders").path(0);
      extender.put("urlPrefix", extenderUrl);
      return configuration;
    } catch (JsonProcessingException e) {
      throw new AssertionError("scheduler.yaml is no YAML: " + e.getMessage(), e);
    }
  }
}
