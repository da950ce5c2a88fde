package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.SchedulingLoad;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 800 pods of 200 groups that 16 clients create at the same time, so that groups interleave. */
final class LargeClusterIT {
  @ParameterizedTest(name = "{0} nodes")
  @ValueSource(ints = {1_000, 5_000})
  void groupsWhosePodsInterleaveAreInsideOneNvlinkDomainEach(int nodes) {
    try (SchedulingCluster cluster = SchedulingCluster.start("-nodes=" + nodes)) {
      SchedulingLoad.Report found = cluster.place("-groups=200", "-clients=16", "-timeout=5m");

      assertThat(found.groupsComplete()).isEqualTo(200);
      assertThat(found.groupsInNvlinkDomain())
          .as("split: %s", found.split())
          .isGreaterThanOrEqualTo(195);
      assertThat(found.overbooked()).isEmpty();
    }
  }
}
