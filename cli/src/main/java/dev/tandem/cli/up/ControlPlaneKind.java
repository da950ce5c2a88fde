package dev.tandem.cli.up;

import dev.tandem.cli.controlplane.ControlPlane;
import dev.tandem.cli.controlplane.ControlPlaneBinaries;
import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import dev.tandem.cli.controlplane.RealControlPlane;
import java.nio.file.Path;

/** What answers as Kubernetes in a local run. */
enum ControlPlaneKind {
  /** Stand-ins in this JVM; needs nothing. */
  embedded("the API server stand-in"),
  /**
   * etcd, kube-apiserver, kube-controller-manager and two kube-schedulers; needs Go to build them.
   */
  real("etcd, kube-apiserver, controllers, schedulers");

  private final String words;

  ControlPlaneKind(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  ControlPlane start(long seed, Path project) {
    return switch (this) {
      case embedded -> EmbeddedControlPlane.start(seed);
      case real -> RealControlPlane.start(ControlPlaneBinaries.find(project, System.getenv()));
    };
  }
}
