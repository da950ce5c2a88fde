package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.placement.Choice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final HandClock clock = new HandClock();
  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), clock);
  private final Journal journal = new Journal();
  private final Decider decider =
      new Decider(
          picture,
          journal,
          new Decider.Limits(32, 0.05, Duration.ofSeconds(15), Duration.ofSeconds(60), 100),
          clock);
  private final List<String> names = new ArrayList<>();

  private void nodes(int count, int perDomain, int perLeaf) {
    for (int i = 0; i < count; i++) {
      node(
          "gpu-%03d".formatted(i),
          Map.of(
              Level.NVLINK, "n" + i / perDomain, Level.LEAF, "l" + i / perLeaf, Level.SPINE, "s0"),
          8);
    }
  }

  private void node(String name, Map<Level, String> levels, int gpus) {
    picture.node(
        new NodeState(
            new NodeFacts(name, levels, gpus, null, 0, List.of()), true, false, Map.of()));
    names.add(name);
  }

  private PodFacts pod(String group, String role, int number, int gpus) {
    return pod(
        group + "-" + role + "-" + number,
        gpus,
        Map.of(Keys.ROLE, role, Keys.GROUP, group, Keys.GROUP_SIZE, "prefill=2,decode=2"));
  }

  private PodFacts pod(String name, int gpus, Map<String, String> annotations) {
    return new PodFacts(
        "uid-" + name,
        "llm",
        name,
        null,
        true,
        false,
        clock.millis(),
        gpus,
        Map.of(),
        Annotations.read(annotations, Map.of()));
  }

  private static PodFacts bound(PodFacts pod, String node) {
    return pod.on(node);
  }

  private List<String> filter(PodFacts pod) {
    return switch (decider.filter(pod, names)) {
      case Decision.PassedThrough() -> names;
      case Decision.Indifferent indifferent -> indifferent.nodes();
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) ->
          choices.stream().map(Choice::node).toList();
      case Decision.Refused refused -> List.of();
    };
  }

  private String domain(String node) {
    return String.valueOf(
        Objects.requireNonNull(picture.interconnect().nodes().get(node)).block(Level.NVLINK));
  }

  @Test
  void aPodOfOthersIsPassedThroughAndScoredAlike() {
    nodes(8, 4, 8);
    PodFacts other = pod("nginx", 0, Map.of());
    assertThat(decider.filter(other, List.of("gpu-001", "elsewhere")))
        .isEqualTo(new Decision.PassedThrough());
    assertThat(decider.prioritize(other, List.of("gpu-001", "elsewhere"))).isEmpty();
  }

  @Test
  void nodesTheWatchDoesNotKnowAreKeptOutWithAReason() {
    nodes(8, 4, 8);
    Decision decision =
        decider.filter(pod("a", "prefill", 0, 8), List.of("gpu-001", "elsewhere", "gpu-002"));
    assertThat(decision).isInstanceOf(Decision.Chosen.class);
    assertThat(((Decision.Chosen) decision).dropped())
        .isEqualTo(Map.of("elsewhere", "node is not known to the extender's watch"));
  }

  @Test
  void onlyUnknownNodesAreRefused() {
    assertThat(decider.filter(pod("a", "prefill", 0, 8), List.of("x", "y")))
        .isInstanceOf(Decision.Refused.class);
  }

  @Test
  void nodesWithoutLabelsStillTakePods() {
    node("plain-0", Map.of(), 8);
    node("plain-1", Map.of(), 8);
    assertThat(filter(pod("a", "prefill", 0, 8))).isNotEmpty();
  }

  @Test
  void theBestNodeAloneScoresTen() {
    nodes(8, 4, 8);
    PodFacts pod = pod("a", "prefill", 0, 8);
    List<String> kept = filter(pod);
    assertThat(kept).hasSize(1);
    Map<String, Integer> scores = decider.prioritize(pod, names);
    assertThat(scores).containsEntry(kept.getFirst(), 10);
    assertThat(scores.values()).filteredOn(score -> score == 10).hasSize(1);
    assertThat(scores.values()).allMatch(score -> score > 0 && score <= 10);
  }

  @Test
  void anExpectedPodHoldsItsPlaceUntilItRunsOut() {
    nodes(1, 1, 1);
    node("full", Map.of(Level.LEAF, "l0", Level.SPINE, "s0"), 0);
    node("far", Map.of(Level.LEAF, "l9", Level.SPINE, "s9"), 8);
    assertThat(filter(pod("a", "prefill", 0, 8)).getFirst()).isEqualTo("far");
    assertThat(filter(pod("b", "prefill", 0, 8)).getFirst()).isEqualTo("gpu-000");
    clock.pass(Duration.ofSeconds(16));
    assertThat(decider.expected()).isEqualTo(2);
    assertThat(filter(pod("c", "prefill", 0, 8)).getFirst()).isEqualTo("far");
    assertThat(decider.expected()).isEqualTo(1);
  }

  @Test
  void aClockThatIsSetBackEndsWhatWasExpectedBefore() {
    nodes(8, 4, 8);
    filter(pod("a", "prefill", 0, 8));
    clock.pass(Duration.ofHours(-1));
    filter(pod("b", "prefill", 0, 8));
    assertThat(decider.expected()).isEqualTo(1);
  }

  /** One of two pods of a group is there, in a domain of two nodes, beside another domain. */
  private void halfAGroup() {
    nodes(4, 2, 4);
    Map<String, String> asks =
        Map.of(Keys.ROLE, "prefill", Keys.GROUP, "a", Keys.GROUP_SIZE, "prefill=1,decode=1");
    picture.pod(bound(pod("a", 8, asks), "gpu-000"));
  }

  private boolean placeOfTheOtherHalfIsKept() {
    PodFacts other = pod("other-" + clock.millis(), 8, Map.of(Keys.ROLE, "prefill"));
    return !filter(other).contains("gpu-001");
  }

  @Test
  void anAnnouncedMemberKeepsItsPlaceForAMinuteAfterTheLastPodWasSeen() {
    halfAGroup();
    assertThat(placeOfTheOtherHalfIsKept()).isTrue();
    clock.pass(Duration.ofSeconds(60));
    assertThat(placeOfTheOtherHalfIsKept()).isTrue();
    clock.pass(Duration.ofSeconds(1));
    assertThat(placeOfTheOtherHalfIsKept()).isFalse();
  }

  @Test
  void whatAPodSeenBeforeChangesDoesNotBeginTheMinuteAnew() {
    halfAGroup();
    clock.pass(Duration.ofSeconds(61));
    halfAGroup();
    assertThat(placeOfTheOtherHalfIsKept()).isFalse();
  }

  @Test
  void aClockThatIsSetBackKeepsNoPlaceForLongerThanAMinute() {
    halfAGroup();
    clock.pass(Duration.ofHours(-1));
    assertThat(placeOfTheOtherHalfIsKept()).isFalse();
  }

  @Test
  void theWatchSettlesAnExpectation() {
    nodes(8, 4, 8);
    PodFacts pod = pod("a", "prefill", 0, 8);
    String node = filter(pod).getFirst();
    picture.pod(bound(pod, node));
    decider.settled(pod.uid());
    assertThat(decider.expected()).isZero();
  }

  @Test
  void expectationsAreBounded() {
    nodes(8, 4, 8);
    for (int i = 0; i < 150; i++) {
      filter(pod("g" + i, "prefill", 0, 0));
    }
    assertThat(decider.expected()).isEqualTo(100);
  }

  @Test
  void askingAgainForTheSamePodGivesTheSameAnswer() {
    nodes(16, 4, 8);
    PodFacts pod = pod("a", "prefill", 0, 8);
    assertThat(filter(pod)).isEqualTo(filter(pod));
  }

  @Test
  void aGroupIsPlannedWholeThoughLargerPodsOfTheOtherRoleAreNotSeenYet() {
    nodes(8, 4, 8);
    for (String half : List.of("gpu-002", "gpu-003", "gpu-006", "gpu-007")) {
      picture.pod(bound(pod("other-" + half, 4, Map.of()), half));
    }
    picture.pod(bound(pod("solo", 2, Map.of()), "gpu-002"));
    List<PodFacts> pods =
        List.of(
            pod("a", "prefill", 0, 4),
            pod("a", "prefill", 1, 4),
            pod("a", "decode", 0, 8),
            pod("a", "decode", 1, 8));
    Set<String> domains = new HashSet<>();
    for (PodFacts pod : pods) {
      picture.pod(pod);
      domains.add(domain(filter(pod).getFirst()));
    }
    assertThat(domains).containsExactly("n1");
  }

  @Test
  void interleavedGroupsEndWholeEvenWhenTheWatchLags() {
    nodes(64, 8, 16);
    List<PodFacts> pods = new ArrayList<>();
    for (int g = 0; g < 14; g++) {
      for (int i = 0; i < 2; i++) {
        pods.add(pod("g" + g, "prefill", i, 8));
        pods.add(pod("g" + g, "decode", i, 8));
      }
    }
    Random random = new Random(11);
    Collections.shuffle(pods, random);
    pods.forEach(picture::pod);
    Map<String, Set<String>> domains = new HashMap<>();
    List<Runnable> late = new ArrayList<>();
    for (PodFacts pod : pods) {
      String node = filter(pod).getFirst();
      domains.computeIfAbsent(pod.groupKey() + "", g -> new HashSet<>()).add(domain(node));
      late.add(() -> {
        picture.pod(bound(pod, node));
        decider.settled(pod.uid());
      });
      while (late.size() > 10) {
        late.removeFirst().run();
      }
    }
    assertThat(domains.values()).allMatch(set -> set.size() == 1);
  }

  @Test
  void explainKeepsTheLastDecisionsWithTheirReason() {
    nodes(8, 4, 8);
    PodFacts pod = pod("chat-a", "prefill", 0, 8);
    for (int i = 0; i < 8; i++) {
      filter(pod);
    }
    assertThat(journal.of("llm/chat-a-prefill-0")).hasSize(Journal.ENTRIES);
    assertThat(journal.of("llm/chat-a-prefill-0").getFirst().reason())
        .isEqualTo("group chat-a whole in NVLink domain n0 (450 GB/s), 4 nodes, tightest fit");
  }

  @Test
  void laterPodsOfAGroupGoWhereItWasPlannedAndPrioritizeStillTellsTheOthers() {
    nodes(8, 4, 8);
    PodFacts first = pod("chat-a", "prefill", 0, 8);
    PodFacts second = pod("chat-a", "decode", 0, 8);
    String sent = filter(first).getFirst();
    Map<String, String> plan =
        journal.of("llm/chat-a-prefill-0").getFirst().best().getFirst().plan();
    picture.pod(bound(first, sent));
    String kept = filter(second).getFirst();
    assertThat(kept).isIn(plan.values()).isNotEqualTo(sent);
    assertThat(journal.of("llm/chat-a-decode-0").getFirst().reason())
        .isEqualTo(
            "group chat-a whole in NVLink domain n0 (450 GB/s), 4 nodes, tightest fit, kept for it");
    assertThat(decider.prioritize(second, names)).hasSize(7);
  }

  @Test
  void placementsTellReasonLocalityAndPredictedTransfer() {
    nodes(8, 4, 8);
    for (PodFacts pod : List.of(pod("a", "prefill", 0, 8), pod("a", "decode", 0, 8))) {
      picture.pod(pod);
      picture.pod(bound(pod, filter(pod).getFirst()));
    }
    assertThat(decider.placements())
        .hasSize(2)
        .allSatisfy(placement -> {
          assertThat(placement.reason()).contains("whole in NVLink domain n0");
          assertThat(placement.locality()).contains("nvlink=n0@450/mnnvl");
          assertThat(placement.predictedTransferMillis()).isBetween(1.0, 100.0);
        });
  }

  @Test
  void aBadAnnotationIsIgnoredAndNamedInTheReason() {
    nodes(8, 4, 8);
    PodFacts pod = pod("odd", 8, Map.of(Keys.ROLE, "chef", Keys.GROUP, "a"));
    assertThat(filter(pod)).isNotEmpty();
    assertThat(journal.of("llm/odd").getFirst().reason())
        .contains("production-stack.vllm.ai/role=chef ignored; accepted: prefill, decode");
  }

  @Test
  void aGroupOfPodsLargerThanAnyNodeIsStillPlannedAndAnswered() {
    nodes(8, 4, 8);
    assertThat(filter(pod("a", "prefill", 0, Integer.MAX_VALUE))).isNotEmpty();
  }

  /** As where DRA provides an extended resource: no node has it among its allocatable. */
  @Test
  void podsWhoseGpusNoNodeShowsGoBesideTheirPartners() {
    for (int i = 0; i < 8; i++) {
      node("n" + i, Map.of(Level.NVLINK, "d" + i / 2, Level.LEAF, "l" + i / 4), 0);
    }
    picture.pod(bound(pod("a", "prefill", 0, 8), "n5"));
    assertThat(domain(filter(pod("a", "decode", 0, 8)).getFirst())).isEqualTo("d2");
  }

  @Test
  void aRequiredLevelWithoutRoomIsRefused() {
    nodes(8, 2, 8);
    PodFacts pod =
        pod(
            "a-prefill-0",
            8,
            Map.of(
                Keys.ROLE, "prefill",
                Keys.GROUP, "a",
                Keys.GROUP_SIZE, "prefill=2,decode=2",
                Keys.TOPOLOGY, "required:nvlink"));
    assertThat(decider.filter(pod, names))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            refused -> assertThat(refused.reason()).contains("requires one NVLink domain"));
  }
}
