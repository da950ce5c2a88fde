package dev.tandem.e2e;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import java.util.Map;

/** Policies and webhook as a cluster has them, and a namespace that opted in. */
final class InstalledAdmission implements AutoCloseable {
  private final InstalledPolicies policies;
  private final InstalledWebhook webhook;
  private final Workspace optedIn;

  private InstalledAdmission(RealControlPlane plane, String namespace) {
    policies = InstalledPolicies.start(plane);
    webhook = InstalledWebhook.start(plane);
    optedIn = Workspace.create(plane.client(), namespace, Map.of(Keys.INJECT, "true"));
  }

  static InstalledAdmission start(RealControlPlane plane, String namespace) {
    return new InstalledAdmission(plane, namespace);
  }

  InstalledWebhook webhook() {
    return webhook;
  }

  Workspace optedIn() {
    return optedIn;
  }

  @Override
  public void close() {
    optedIn.close();
    webhook.close();
    policies.close();
  }
}
