package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.api.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final Scenario SCENARIO =
      Runs.scenario(NamedCluster.N1000.shape(), new Background.Even(0), Workload.of(2, 2, 8), 1, 1);
  private static final World WORLD = new World(SCENARIO, new int[1000]);
  private static final Links LINKS = new Links(WORLD, SCENARIO);

  @Test
  void aReferencePromptTakesTheTimesOfTheReferenceTable() {
    // 6,909 tokens of 320 KiB at 450, 50, 25 and 12.5 GB/s.
    assertThat(LINKS.seconds(0, 1)).isCloseTo(0.005031, within(1e-6));
    assertThat(LINKS.seconds(0, 16)).isCloseTo(0.04528, within(1e-5));
    assertThat(LINKS.seconds(0, 32)).isCloseTo(0.09056, within(1e-5));
    assertThat(LINKS.seconds(0, 256)).isCloseTo(0.18112, within(1e-5));
  }

  @Test
  void theNearestSharedLevelGivesTheBandwidth() {
    assertThat(LINKS.nearest(0, 16)).isEqualTo(Level.LEAF);
    assertThat(LINKS.gigabytesPerSecond(0, 16)).isEqualTo(50);
    assertThat(LINKS.gigabytesPerSecond(0, 256)).isEqualTo(12.5);
  }

  @Test
  void everyDomainWithItsShareOfBothKindsKeepsItsTransfersInside() {
    List<Integer> from = List.of(0, 1, 300, 301);
    List<Integer> to = List.of(2, 302);

    assertThat(LINKS.flows(from, to))
        .allMatch(flow -> LINKS.nearest(flow.from(), flow.to()) == Level.NVLINK)
        .extracting(Links.Flow::share)
        .allSatisfy(share -> assertThat(share).isCloseTo(0.25, within(1e-9)));
  }

  @Test
  void aDomainWithPrefillAloneSendsEverythingOut() {
    assertThat(LINKS.seconds(List.of(0, 1), List.of(300, 301))).isCloseTo(0.18112, within(1e-5));
  }
}
