package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.SchedulingLoad;
import org.junit.jupiter.api.Test;

/**
 * 256 nodes of 8 GPUs in NVLink domains of 16, every second node half filled: groups that need 120
 * of the 128 free nodes fit into domains only if none is placed carelessly.
 */
final class FragmentedClusterIT {
  @Test
  void thirtyGroupsAreCompleteAndInsideOneNvlinkDomainEach() {
    try (SchedulingCluster cluster =
        SchedulingCluster.start("-nodes=256", "-fill-every=2", "-fill-gpus=4")) {
      SchedulingLoad.Report found = cluster.place("-groups=30", "-gpus=8", "-clients=1");

      assertThat(found.groupsComplete()).isEqualTo(30);
      assertThat(found.groupsInNvlinkDomain()).as("split: %s", found.split()).isGreaterThan(28);
      assertThat(found.overbooked()).isEmpty();
    }
  }
}
