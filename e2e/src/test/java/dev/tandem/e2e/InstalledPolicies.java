package dev.tandem.e2e;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The policies as the manifests install them. An API server takes up a policy some time after it
 * was written, and lets go of it some time after it was deleted; both ends wait for that, so that
 * no test meets the policies of another. To be started before the webhook, which would answer the
 * probes.
 */
final class InstalledPolicies implements AutoCloseable {
  private static final String FOLDER = "manifests/base/policy";

  /** A namespace takes its time to go. */
  private static final AtomicInteger INSTALLED = new AtomicInteger();

  private final RealControlPlane plane;
  private final Workspace probes;
  private final Pod probed;

  private InstalledPolicies(RealControlPlane plane) {
    this.plane = plane;
    new Manifests(plane).installRights();
    new Kubectl(plane).run("apply", "-k", FOLDER);
    probes =
        Workspace.create(
            plane.client(),
            "policy-probes-" + INSTALLED.incrementAndGet(),
            Map.of(Keys.INJECT, "true"));
    Pod plain = probes.plainPod("probe").build();
    plain.getMetadata().setLabels(Map.of(Keys.INJECT, "false", Keys.POOL, "probes"));
    probed = probes.create(plain);
    Eventually.becomes("enforced", this::enforced, all -> all);
  }

  static InstalledPolicies start(RealControlPlane plane) {
    return new InstalledPolicies(plane);
  }

  @Override
  public void close() {
    new Kubectl(plane).run("delete", "-k", FOLDER);
    Eventually.becomes("lifted", this::lifted, all -> all);
    probes.close();
  }

  private boolean enforced() {
    return refuses(this::createsALabelledPod)
        && refuses(this::createsAPodOfTheNamespace)
        && refuses(this::forgesALocality);
  }

  private boolean lifted() {
    return !refuses(this::createsALabelledPod)
        && !refuses(this::createsAPodOfTheNamespace)
        && !refuses(this::forgesALocality);
  }

  private void createsALabelledPod() {
    Examples.dryRun(client(), Examples.labelled(Examples.vllmPod("default", "probe", Map.of())));
  }

  private void createsAPodOfTheNamespace() {
    Examples.dryRun(client(), Examples.vllmPod(probes.namespace(), "probe-vllm", Map.of()));
  }

  private void forgesALocality() {
    client()
        .pods()
        .inNamespace(probes.namespace())
        .withName(probed.getMetadata().getName())
        .dryRun(true)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"%s\":\"x\"}}}".formatted(Keys.LOCALITY));
  }

  private KubernetesClient client() {
    return plane.client();
  }

  private static boolean refuses(Runnable attempt) {
    try {
      attempt.run();
      return false;
    } catch (KubernetesClientException e) {
      if (String.valueOf(e.getMessage()).contains("ValidatingAdmissionPolicy")) {
        return true;
      }
      throw e;
    }
  }
}
