package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
}
