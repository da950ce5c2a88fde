package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.placement.Planner;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Eight nodes of 8 GPUs in two NVLink domains of four, n0 with gpu-0 to gpu-3. */
class PreemptionTest {
  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
  private final Preemption preemption =
      new Preemption(picture, () -> new Planner(TransferCost.defaults(), 0.05, 32), 0.05);

  PreemptionTest() {
    for (int i = 0; i < 8; i++) {
      Map<Level, String> levels = Map.of(Level.NVLINK, "n" + i / 4, Level.LEAF, "l0");
      picture.node(
          new NodeState(
              new NodeFacts("gpu-" + i, levels, 8, null, 0, List.of()),
              true,
              false,
              true,
              Map.of()));
    }
  }

  private static PodFacts pod(String name, @Nullable String group, Role role, @Nullable String on) {
    PodFacts.Ask ask =
        group == null ? null : new PodFacts.Ask(role, group, null, null, 2_000_000, null, null);
    return new PodFacts(name, "llm", name, on, true, false, 0, 8, Map.of(), ask);
  }

  private void running(String name, @Nullable String group, Role role, String node) {
    picture.pod(pod(name, group, role, node));
  }

  private static Victims of(String... uids) {
    return new Victims(List.of(uids), 0);
  }

  @Test
  void aVictimWithoutAPartnerGoesBeforeHalfOfAPair() {
    running("p", "pair", Role.PREFILL, "gpu-0");
    running("d", "pair", Role.DECODE, "gpu-1");
    running("batch", null, Role.BOTH, "gpu-5");
    assertThat(
            preemption.worthwhile(
                pod("new", null, Role.BOTH, null), Map.of("gpu-0", of("p"), "gpu-5", of("batch"))))
        .containsOnlyKeys("gpu-5");
  }

  @Test
  void aWholeGroupOnOneNodeIsNotBrokenByGoing() {
    running("p", "whole", Role.PREFILL, "gpu-0");
    running("d", "whole", Role.DECODE, "gpu-0");
    running("p2", "pair", Role.PREFILL, "gpu-1");
    running("d2", "pair", Role.DECODE, "gpu-2");
    assertThat(
            preemption.worthwhile(
                pod("new", null, Role.BOTH, null),
                Map.of("gpu-0", of("p", "d"), "gpu-1", of("p2"))))
        .containsOnlyKeys("gpu-0");
  }

  @Test
  void amongEqualVictimsTheNodeBesideThePartnersIsTaken() {
    running("mine", "g", Role.PREFILL, "gpu-6");
    running("a", null, Role.BOTH, "gpu-0");
    running("b", null, Role.BOTH, "gpu-7");
    assertThat(
            preemption.worthwhile(
                pod("new", "g", Role.DECODE, null), Map.of("gpu-0", of("a"), "gpu-7", of("b"))))
        .containsOnlyKeys("gpu-7");
  }

  @Test
  void membersThatStillWaitDoNotHideWhichNodeIsNearer() {
    running("mine", "g", Role.PREFILL, "gpu-6");
    for (int i = 0; i < 4; i++) {
      picture.pod(pod("waits-" + i, "g", i % 2 == 0 ? Role.PREFILL : Role.DECODE, null));
    }
    running("a", null, Role.BOTH, "gpu-0");
    running("b", null, Role.BOTH, "gpu-7");
    assertThat(
            preemption.worthwhile(
                pod("new", "g", Role.DECODE, null), Map.of("gpu-0", of("a"), "gpu-7", of("b"))))
        .containsOnlyKeys("gpu-7");
  }

  @Test
  void victimsAreNeverChangedAndOneNodeIsLeftAlone() {
    running("p", "pair", Role.PREFILL, "gpu-0");
    running("d", "pair", Role.DECODE, "gpu-1");
    Map<String, Victims> only = Map.of("gpu-0", new Victims(List.of("p", "unknown"), 3));
    assertThat(preemption.worthwhile(pod("new", "g", Role.DECODE, null), only)).isEqualTo(only);
  }

  @Test
  void nodesNobodyKnowsAreStillALegalAnswer() {
    Map<String, Victims> offered = Map.of("x", of("a"), "y", of("b"));
    assertThat(preemption.worthwhile(pod("new", "g", Role.DECODE, null), offered))
        .isEqualTo(offered);
  }
}
