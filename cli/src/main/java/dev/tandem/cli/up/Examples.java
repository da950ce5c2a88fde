package dev.tandem.cli.up;

import dev.tandem.api.Keys;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The models a user wants to serve: namespaces, Services and Deployments from a directory of YAML
 * files. Immutable.
 */
record Examples(List<Namespace> namespaces, List<Service> services, List<Deployment> deployments) {

  /** The topology file beside them, which is no Kubernetes object. */
  static final String CLUSTER_FILE = "cluster.yaml";

  Examples {
    namespaces = List.copyOf(namespaces);
    services = List.copyOf(services);
    deployments = List.copyOf(deployments);
    if (deployments.isEmpty()) {
      throw new IllegalArgumentException("the examples hold no Deployment");
    }
  }

  /**
   * Reads every {@code *.yaml} of the directory but {@value #CLUSTER_FILE}.
   *
   * @throws IOException when a file cannot be read
   * @throws IllegalArgumentException when an object is of another kind, naming it
   */
  static Examples read(Path directory, KubernetesClient client) throws IOException {
    List<Namespace> namespaces = new ArrayList<>();
    List<Service> services = new ArrayList<>();
    List<Deployment> deployments = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Examples::isManifest).sorted().toList()) {
        for (HasMetadata object : load(file, client)) {
          switch (object) {
            case Namespace namespace -> namespaces.add(namespace);
            case Service service -> services.add(service);
            case Deployment deployment -> deployments.add(deployment);
            default ->
                throw new IllegalArgumentException(
                    file
                        + ": kind "
                        + object.getKind()
                        + "; accepted: Namespace, Service, Deployment");
          }
        }
      }
    }
    return new Examples(namespaces, services, deployments);
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") && !name.equals(CLUSTER_FILE) && !name.startsWith("kustom");
  }

  private static List<HasMetadata> load(Path file, KubernetesClient client) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return client.load(in).items();
    }
  }

  /** How many pods the Deployments ask for. */
  int pods() {
    return deployments.stream()
        .map(deployment -> deployment.getSpec().getReplicas())
        .mapToInt(replicas -> replicas == null ? 1 : replicas)
        .sum();
  }

  /**
   * The same for the baseline: bound by the default scheduler, which is what an annotation can say,
   * and otherwise injected like ours.
   */
  Examples withDefaultPlacement() {
    return new Examples(
        namespaces,
        services,
        deployments.stream()
            .map(deployment ->
                new DeploymentBuilder(deployment)
                    .editSpec()
                    .editTemplate()
                    .editMetadata()
                    .addToAnnotations(Keys.KEEP, "schedulerName")
                    .endMetadata()
                    .editSpec()
                    .withSchedulerName("default-scheduler")
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build())
            .toList());
  }
}
