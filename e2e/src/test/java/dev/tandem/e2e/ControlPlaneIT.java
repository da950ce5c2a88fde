package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.RealControlPlane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlPlaneExtension.class)
final class ControlPlaneIT {
  @Test
  void theControlPlaneIsTheReleaseWeBuild(RealControlPlane plane) {
    assertThat(plane.client().getKubernetesVersion().getGitVersion()).isEqualTo("v1.36.0");
  }
}
