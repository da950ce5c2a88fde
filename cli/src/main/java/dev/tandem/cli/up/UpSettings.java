package dev.tandem.cli.up;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked the local run to do. Immutable.
 *
 * @param home the project's folder, where the real control plane is built
 * @param topology the cluster
 * @param examples directory of the models to serve
 * @param trace requests to send; null for generated ones
 * @param requests how many
 * @param seed for everything that is drawn
 * @param speedUp how many modelled seconds pass in a real one
 * @param port of the page; 0 for any free one
 * @param controlPlane what answers as Kubernetes
 */
record UpSettings(
    Path home,
    Path topology,
    Path examples,
    @Nullable Path trace,
    int requests,
    long seed,
    double speedUp,
    int port,
    ControlPlaneKind controlPlane) {

  /** Far beyond what a local run can hold, but not beyond what an int can count. */
  private static final int MOST_REQUESTS = 1_000_000;

  UpSettings {
    if (requests < 1 || requests > MOST_REQUESTS) {
      throw new UpFailure("--requests " + requests, "accepted: 1 to " + MOST_REQUESTS);
    }
    if (!(speedUp >= 0.1 && speedUp <= 100)) {
      throw new UpFailure(
          "--speed-up " + speedUp,
          "accepted: 0.1 to 100; above about 20 this machine's own work shows in the times");
    }
    if (port < 0 || port > 65_535) {
      throw new UpFailure("--port " + port, "accepted: 0 (any free one) to 65535");
    }
  }
}
