package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shipped manifests as a cluster gets them. */
final class Manifests {
  private final RealControlPlane plane;

  Manifests(RealControlPlane plane) {
    this.plane = plane;
  }

  /** Every object of a kustomization, rendered by kubectl. */
  List<HasMetadata> render(String kustomization) {
    String yaml = new Kubectl(plane).run("kustomize", kustomization);
    return plane
        .client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  /** Installs the namespace, the accounts and their rights; the rest of the base needs images. */
  void installRights() {
    new Kubectl(plane).run("apply", "-k", "manifests/base/rights");
  }

  /** The one object of a kind and, by prefix, a name. */
  <T extends HasMetadata> T one(String kustomization, Class<T> kind, String namePrefix) {
    List<T> found =
        render(kustomization).stream()
            .filter(kind::isInstance)
            .map(kind::cast)
            .filter(object -> object.getMetadata().getName().startsWith(namePrefix))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          kustomization
              + " holds "
              + found.size()
              + " "
              + kind.getSimpleName()
              + "s called "
              + namePrefix
              + "*");
    }
    return found.getFirst();
  }

  /**
   * The webhook's configuration as it ships, but for its times: a busy machine does not always
   * answer within the second that a bind has, and then nothing is injected. {@link ManifestsIT}
   * looks at the times that ship.
   */
  MutatingWebhookConfiguration patientWebhook(String kustomization) {
    MutatingWebhookConfiguration configuration =
        one(kustomization, MutatingWebhookConfiguration.class, "tandem");
    configuration.getWebhooks().forEach(entry -> entry.setTimeoutSeconds(30));
    return configuration;
  }

  /** The example files that hold Kubernetes objects, as paths in the source tree. */
  static List<String> examples() {
    Path root = Project.root();
    try (Stream<Path> files = Files.walk(root.resolve("manifests/examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && isAnObject(file))
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The description of the local run's cluster is read by our own commands, not by an API server.
   */
  private static boolean isAnObject(Path file) {
    try {
      return Files.readString(file).lines().anyMatch(line -> line.startsWith("kind: "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
