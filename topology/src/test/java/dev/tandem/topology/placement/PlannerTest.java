package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static Ranking.Ranked ranked(Ranking ranking) {
    assertThat(ranking).isInstanceOf(Ranking.Ranked.class);
    return (Ranking.Ranked) ranking;
  }

  @Test
  void aGroupGoesWholeIntoTheTightestDomainThatHoldsIt() {
    Scene scene = Scene.regular(12, 4, 12, 12).use("gpu-0004", 8).use("gpu-0005", 8);
    Scene.Wanted chat = scene.group("chat-a", 1, 1, 8);
    assertThat(scene.placeAll(chat)).isTrue();
    assertThat(chat.placed)
        .extracting(Placed::node)
        .containsExactlyInAnyOrder("gpu-0006", "gpu-0007");
  }

  @Test
  void theReasonNamesTheDomainItsBandwidthAndTheNodes() {
    Scene scene = Scene.regular(8, 4, 8, 8);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    Choice best =
        ranked(scene.ask(chat, chat.members.getFirst(), scene.feasible(chat.members.getFirst())))
            .best();
    assertThat(best.reason())
        .isEqualTo("group chat-a whole in NVLink domain n0 (450 GB/s), 4 nodes, tightest fit");
    assertThat(best.plan()).hasSize(4);
  }

  @Test
  void aDomainThatHoldsOnlyPartOfTheGroupIsLeftForOneThatHoldsAll() {
    Scene scene = Scene.regular(8, 4, 8, 8).use("gpu-0000", 8);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    scene.placeAll(chat);
    assertThat(scene.inOneDomain(chat)).isTrue();
  }

  @Test
  void halfFilledNodesAreFilledFirst() {
    Scene scene = Scene.regular(4, 4, 4, 4).use("gpu-0002", 4).use("gpu-0003", 4);
    Scene.Wanted chat = scene.group("chat-a", 1, 1, 4);
    scene.placeAll(chat);
    assertThat(chat.placed)
        .extracting(Placed::node)
        .containsExactlyInAnyOrder("gpu-0002", "gpu-0003");
  }

  @Test
  void whereNoDomainHoldsTheGroupEachKeepsItsShareOfBothRoles() {
    Scene scene = Scene.regular(8, 2, 8, 8);
    Scene.Wanted chat = scene.group("chat-a", 3, 3, 8);
    assertThat(scene.placeAll(chat)).isTrue();
    assertThat(scene.cost(chat)).isCloseTo(bestPairCost(scene), offset(1e-9));
  }

  private static double bestPairCost(Scene scene) {
    Scene.Wanted pair = scene.group("pair", 1, 1, 8);
    return scene.cost(
        pair,
        List.of(
            new Placed(pair.members.get(0), "gpu-0000"),
            new Placed(pair.members.get(1), "gpu-0001")));
  }

  @Test
  void aGroupThatFitsNowhereNearFallsOutToTheNextLevelAndRuns() {
    Scene scene = Scene.regular(8, 1, 2, 4);
    Scene.Wanted chat = scene.group("chat-a", 3, 3, 8);
    assertThat(scene.placeAll(chat)).isTrue();
    assertThat(chat.placed).hasSize(6);
  }

  @Test
  void aPodIsNeverStuckWhileANodeHoldsItEvenIfTheGroupCannotBeComplete() {
    Scene scene = Scene.regular(2, 2, 2, 2).use("gpu-0000", 8);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    assertThat(scene.place(chat, chat.members.getFirst())).isTrue();
  }

  @Test
  void aPodTheBooksSayFitsNowhereStillGoesWhereTheSchedulerSaysItCan() {
    Scene scene = Scene.regular(2, 2, 2, 2).use("gpu-0000", 8).use("gpu-0001", 8);
    Scene.Wanted chat = scene.group("chat-a", 1, 1, 8);
    assertThat(ranked(scene.ask(chat, chat.members.getFirst(), List.of("gpu-0001"))).best().node())
        .isEqualTo("gpu-0001");
  }

  @Test
  void aRequiredLevelThatCannotHoldTheGroupIsRefusedWithTheReason() {
    Scene scene = Scene.regular(8, 2, 8, 8);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    chat.required = Level.NVLINK;
    Ranking ranking =
        scene.ask(chat, chat.members.getFirst(), scene.feasible(chat.members.getFirst()));
    assertThat(ranking)
        .isEqualTo(
            new Ranking.Refused(
                "group chat-a requires one NVLink domain for the whole group: 32 GPUs are wanted,"
                    + " the freest one (n0) has 16"));
  }

  @Test
  void aRequiredLevelIsKeptForEveryMember() {
    Scene scene = Scene.regular(8, 4, 8, 8).use("gpu-0000", 4);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    chat.required = Level.NVLINK;
    assertThat(scene.placeAll(chat)).isTrue();
    assertThat(scene.inOneDomain(chat)).isTrue();
  }

  @Test
  void aRequiredNodeHoldsTheWholeGroup() {
    Scene scene = Scene.regular(4, 4, 4, 4).use("gpu-0000", 4);
    Scene.Wanted chat = scene.group("chat-a", 1, 1, 4);
    chat.required = Level.NODE;
    assertThat(scene.placeAll(chat)).isTrue();
    assertThat(chat.placed.stream().map(Placed::node).distinct()).hasSize(1);
  }

  @Test
  void aSecondGroupLeavesThePlacesAHalfPlacedGroupWaitsFor() {
    Scene scene = Scene.regular(8, 4, 8, 8);
    Scene.Wanted first = scene.group("a", 2, 2, 8);
    Scene.Wanted second = scene.group("b", 2, 2, 8);
    for (int i = 0; i < 4; i++) {
      scene.place(first, first.members.get(i));
      scene.place(second, second.members.get(3 - i));
    }
    assertThat(scene.inOneDomain(first)).isTrue();
    assertThat(scene.inOneDomain(second)).isTrue();
  }

  @Test
  void reservedPlacesAreTakenWhenNothingElseIsLeft() {
    Scene scene = Scene.regular(4, 4, 4, 4);
    Scene.Wanted first = scene.group("a", 2, 2, 8);
    scene.place(first, first.members.getFirst());
    Scene.Wanted second = scene.group("b", 1, 1, 8);
    assertThat(scene.placeAll(second)).isTrue();
  }

  @Test
  void theOrderOfCandidatesDoesNotMatter() {
    Scene scene = Scene.regular(32, 4, 8, 16);
    Random random = new Random(7);
    scene.free.replaceAll((node, gpus) -> random.nextInt(3) * 4);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 4);
    List<String> nodes = scene.feasible(chat.members.getFirst());
    Ranking sorted = scene.ask(chat, chat.members.getFirst(), nodes);
    List<String> shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, random);
    assertThat(scene.ask(chat, chat.members.getFirst(), shuffled)).isEqualTo(sorted);
  }

  @Test
  void aPodWithoutAGroupFillsTheSmallestGap() {
    Scene scene = Scene.regular(8, 4, 8, 8).use("gpu-0006", 4);
    Member pod = new Member("solo", Role.BOTH, 4);
    Ranking ranking =
        scene.planner.rank(
            new Cluster(scene.interconnect(), scene.free),
            Group.alone(pod),
            pod,
            scene.feasible(pod),
            List.of());
    assertThat(ranked(ranking).best().node()).isEqualTo("gpu-0006");
  }

  @Test
  void draftAndTargetGoWhereTheHopsAreFewest() {
    Scene scene = new Scene();
    scene
        .node("a", null, "l0", "s0", 8)
        .node("b", null, "l1", "s0", 8)
        .node("c", null, "l1", "s0", 8);
    Scene.Wanted wanted = new Scene.Wanted("spec", 0);
    Scene.add(wanted, Role.TARGET, 1, 8);
    Scene.add(wanted, Role.DRAFT, 1, 8);
    scene.groups.put("spec", wanted);
    scene.placeAll(wanted);
    assertThat(wanted.placed).extracting(Placed::node).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void nodesWithoutLabelsAreUsedLast() {
    Scene scene = new Scene();
    scene
        .node("a", null, null, null, 8)
        .node("b", "n0", "l0", "s0", 8)
        .node("c", "n0", "l0", "s0", 8);
    Scene.Wanted chat = scene.group("chat-a", 1, 1, 8);
    scene.placeAll(chat);
    assertThat(chat.placed).extracting(Placed::node).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void aPodAddedToACompleteGroupGoesBesideIt() {
    Scene scene = Scene.regular(16, 4, 8, 16);
    Scene.Wanted chat = scene.group("chat-a", 1, 2, 8);
    scene.placeAll(chat);
    Member more = new Member("chat-a-more", Role.DECODE, 8);
    chat.members.add(more);
    scene.place(chat, more);
    assertThat(scene.inOneDomain(chat)).isTrue();
  }

  @Test
  void anAnswerHoldsAtMostTheShortList() {
    Scene scene = Scene.regular(200, 4, 20, 100);
    Scene.Wanted chat = scene.group("chat-a", 2, 2, 8);
    assertThat(
            ranked(
                    scene.ask(
                        chat, chat.members.getFirst(), scene.feasible(chat.members.getFirst())))
                .choices())
        .hasSize(32);
  }

  @Test
  void onAFragmentedClusterEveryGroupIsCompleteInOneDomain() {
    Scene scene = Scene.regular(256, 16, 32, 256);
    for (int i = 0; i < 256; i += 2) {
      scene.use("gpu-%04d".formatted(i), 4);
    }
    for (int i = 0; i < 30; i++) {
      scene.placeAll(scene.group("group-%02d".formatted(i), 2, 2, 8));
    }
    assertThat(scene.groups.values()).allMatch(scene::inOneDomain);
  }

  @Test
  void thePodsOfThirtyGroupsInterleavedStillEndWholeInOneDomain() {
    for (int seed = 0; seed < 5; seed++) {
      Scene scene = Scene.regular(256, 16, 32, 256);
      for (int i = 0; i < 256; i += 2) {
        scene.use("gpu-%04d".formatted(i), 4);
      }
      for (int i = 0; i < 30; i++) {
        scene.group("group-%02d".formatted(i), 2, 2, 8);
      }
      assertThat(scene.placeInterleaved(new Random(seed))).isEqualTo(120);
      assertThat(
              scene.groups.values().stream()
                  .filter(g -> !scene.inOneDomain(g))
                  .map(g -> g.name)
                  .collect(Collectors.toSet()))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void whereTwoPodsShareANodeAndNoDomainExistsNothingWedges() {
    Scene scene = Scene.regular(120, 0, 12, 60);
    for (int i = 0; i < 60; i++) {
      scene.group("group-%02d".formatted(i), 2, 2, 4);
    }
    assertThat(scene.placeInterleaved(new Random(3))).isEqualTo(240);
  }
}
