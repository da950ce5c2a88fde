package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.SchedulingLoad;
import org.junit.jupiter.api.Test;

/**
 * No NVLink domain anywhere, two pods share a node, and the cluster ends nearly full: a plan that
 * insists on places others take meanwhile would leave pods behind for ever.
 */
final class SharedNodesIT {
  @Test
  void everyPodFindsAPlace() {
    try (SchedulingCluster cluster = SchedulingCluster.start("-nodes=128", "-nvlink-domain=0")) {
      SchedulingLoad.Report found = cluster.place("-groups=60", "-gpus=4", "-clients=16");

      assertThat(found.bound()).isEqualTo(240);
      assertThat(found.groupsComplete()).isEqualTo(60);
      assertThat(found.overbooked()).isEmpty();
    }
  }

  @Test
  void aFullClusterIsFilledToTheLastGpu() {
    try (SchedulingCluster cluster = SchedulingCluster.start("-nodes=32", "-nvlink-domain=0")) {
      SchedulingLoad.Report found =
          cluster.place("-groups=16", "-gpus=4", "-clients=16", "-shuffled");

      assertThat(found.bound()).isEqualTo(64);
      assertThat(found.overbooked()).isEmpty();
    }
  }
}
