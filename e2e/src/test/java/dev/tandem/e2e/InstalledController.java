package dev.tandem.e2e;

import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.controller.Controller;
import dev.tandem.controller.ControllerConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;

/** One replica of the controller with the rights of its own account. */
final class InstalledController implements AutoCloseable {
  private final KubernetesClient client;
  private final Controller controller;

  private InstalledController(RealControlPlane plane, String identity) {
    client =
        plane.clientFor(plane.kubeconfigOfServiceAccount("tandem-system", "tandem-controller"));
    controller =
        Controller.start(
            new ControllerConfig(
                "127.0.0.1", 0, ControllerConfig.NAMESPACE, ControllerConfig.LEASE, identity, null),
            client);
  }

  /** The rights must be installed. */
  static InstalledController start(RealControlPlane plane, String identity) {
    return new InstalledController(plane, identity);
  }

  /** The sum over all label values of one of its metrics. */
  double metric(String name) {
    return Http.metric("127.0.0.1", URI.create(controller.url()).getPort(), name);
  }

  @Override
  public void close() {
    controller.close();
    client.close();
  }
}
