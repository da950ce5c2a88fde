package dev.tandem.cli.bench;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The validating policies of the manifests, on and off. One thread. */
final class Policies {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final KubernetesClient client;
  private final List<HasMetadata> objects;

  /**
   * @param folder of their manifests
   */
  Policies(KubernetesClient client, Path folder) throws IOException {
    this.client = client;
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !file.endsWith("kustomization.yaml"))
              .sorted()
              .toList();
    }
    objects = new ArrayList<>();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        objects.addAll(client.load(in).items());
      }
    }
  }

  /** Returns once the API server has learnt of it. */
  void enforce(boolean enforced) {
    if (enforced) {
      client.resourceList(objects).createOrReplace();
    } else {
      client.resourceList(objects).delete();
    }
    Patience.await(
        enforced ? "the policies take effect" : "the policies are lifted",
        BETWEEN_LOOKS,
        () -> refuseAPodWithoutRouter() == enforced);
  }

  /** Of the policy whose file is the last: an API server hears of all in order. */
  private boolean refuseAPodWithoutRouter() {
    Pod probe = client.getKubernetesSerialization().unmarshal(SampleReview.pod("probe"), Pod.class);
    probe.getMetadata().setNamespace("default");
    try {
      client.resource(probe).dryRun(true).create();
      return false;
    } catch (KubernetesClientException e) {
      if (String.valueOf(e.getMessage()).contains("ValidatingAdmissionPolicy")) {
        return true;
      }
      throw e;
    }
  }
}
