package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Questions that kube-scheduler asks to try something out: pod groups are walked through every
 * place that may hold them, and a nominated node is asked about alone.
 */
class WhatIfTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> ALL = List.of("gpu-0", "gpu-1", "gpu-2", "gpu-3");

  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));
  private final Decider decider =
      new Decider(
          picture, new Journal(), Decider.Limits.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));

  WhatIfTest() {
    for (int i = 0; i < 4; i++) {
      Map<Level, String> levels = Map.of(Level.NVLINK, "n" + i / 2, Level.LEAF, "l0");
      NodeFacts facts = new NodeFacts("gpu-" + i, levels, 8, null, 0, List.of());
      picture.node(new NodeState(facts, true, false, Map.of()));
    }
  }

  private static PodFacts pod(String name, String group, Role role, boolean tentative) {
    GroupSize size = new GroupSize(Map.of(Role.PREFILL, 1, Role.DECODE, 1));
    PodFacts.Ask ask = new PodFacts.Ask(role, group, size, null, 2_000_000, null, null);
    return new PodFacts(
        name,
        "llm",
        name,
        null,
        true,
        false,
        NOW.toEpochMilli(),
        8,
        Map.of(),
        0,
        null,
        tentative,
        ask);
  }

  private String best(PodFacts pod, List<String> candidates) {
    Decision decision = decider.filter(pod, candidates);
    assertThat(decision).isInstanceOf(Decision.Chosen.class);
    return ((Decision.Chosen) decision).choices().getFirst().node();
  }

  @Test
  void walkingAPodGroupThroughEveryPlaceChangesNoLaterAnswer() {
    String before = best(pod("real-p", "real", Role.PREFILL, false), ALL);
    decider.settled("real-p");
    for (String place : ALL) {
      decider.filter(pod("try-p", "try", Role.PREFILL, true), List.of(place));
      decider.filter(pod("try-d", "try", Role.DECODE, true), ALL);
      decider.prioritize(pod("try-d", "try", Role.DECODE, true), ALL);
    }
    assertThat(decider.expected()).isZero();
    assertThat(best(pod("real-p", "real", Role.PREFILL, false), ALL)).isEqualTo(before);
  }

  @Test
  void aNominatedNodeAskedAboutAloneIsKept() {
    assertThat(best(pod("p", "g", Role.PREFILL, false), List.of("gpu-3"))).isEqualTo("gpu-3");
  }
}
