package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Links that several groups share. */
class UplinksTest {
  /** Four leaves of two nodes without domains, below one spine. */
  private final Scene scene = Scene.regular(8, 0, 2, 8);

  private final Blocks blocks = Blocks.of(scene.interconnect());
  private final Uplinks uplinks = new Uplinks(blocks);

  private List<Placed> pair(String name, String prefill, String decode) {
    Scene.Wanted wanted = scene.group(name, 1, 1, 8);
    return List.of(
        new Placed(wanted.members.get(0), prefill), new Placed(wanted.members.get(1), decode));
  }

  private double leaf(double[][] flows, String node) {
    int leaf = Tier.LEAF.ordinal();
    return flows[leaf][blocks.block(leaf, blocks.indexOf(node))];
  }

  @Test
  void aGroupInOneLeafLoadsNoUplinkOfIt() {
    uplinks.group("a", pair("a", "gpu-0000", "gpu-0001"));
    double[][] flows = Objects.requireNonNull(uplinks.flows(null));
    assertThat(leaf(flows, "gpu-0000")).isZero();
    assertThat(Arrays.stream(flows[Tier.BOARD.ordinal()]).sum()).isCloseTo(2, offset(1e-9));
    assertThat(uplinks.flows("a")).isNull();
  }

  @Test
  void aGroupOnTwoLeavesLoadsBothAndNoneOnceItIsGone() {
    uplinks.group("a", pair("a", "gpu-0000", "gpu-0002"));
    double[][] flows = Objects.requireNonNull(uplinks.flows("other"));
    // 8 sending GPUs on the 16 adapters below each leaf.
    assertThat(leaf(flows, "gpu-0000")).isCloseTo(0.5, offset(1e-9));
    assertThat(leaf(flows, "gpu-0003")).isCloseTo(0.5, offset(1e-9));
    assertThat(leaf(flows, "gpu-0004")).isZero();
    uplinks.group("a", List.of());
    assertThat(uplinks.flows(null)).isNull();
  }

  @Test
  void aGroupThatMustSplitTakesTheLeavesWhoseUplinksAreLessUsed() {
    uplinks.group("a", pair("a", "gpu-0000", "gpu-0002"));
    scene.groups.clear();
    scene.names().forEach(node -> scene.use(node, 8));
    for (String node : List.of("gpu-0001", "gpu-0003", "gpu-0005", "gpu-0007")) {
      scene.use(node, -8);
    }
    Scene.Wanted wanted = scene.group("b", 1, 1, 8);
    int[] free = new int[blocks.size()];
    for (int node = 0; node < free.length; node++) {
      free[node] = scene.free.getOrDefault(blocks.name(node), 0);
    }
    Member pod = wanted.members.getFirst();
    int[] candidates = {1, 3, 5, 7};
    Choice quiet = best(free, null, wanted, pod, candidates);
    Choice busy = best(free, uplinks.flows("b"), wanted, pod, candidates);
    assertThat(quiet.plan().values()).containsExactlyInAnyOrder("gpu-0001", "gpu-0003");
    assertThat(busy.plan().values()).containsExactlyInAnyOrder("gpu-0005", "gpu-0007");
    assertThat(busy.seconds()).isCloseTo(quiet.seconds(), offset(1e-12));
    Choice forced = best(closed(free, 5, 7), uplinks.flows("b"), wanted, pod, new int[] {1, 3});
    assertThat(forced.seconds()).isGreaterThan(quiet.seconds());
  }

  /** Sixteen leaves with one free node each, so that every pair has to split. */
  private static final class Splits {
    private final Scene scene = Scene.regular(32, 0, 2, 32);
    private final Blocks blocks = Blocks.of(scene.interconnect());
    private final Uplinks uplinks = new Uplinks(blocks);
    private final int[] free = new int[blocks.size()];
    private final List<Group> placed = new ArrayList<>();

    /** Some leaves have a standing pair across them. */
    Splits(long seed) {
      Arrays.fill(free, Desk.CLOSED);
      List<Integer> leaves = new ArrayList<>(IntStream.range(0, 16).boxed().toList());
      leaves.forEach(leaf -> free[2 * leaf + 1] = 8);
      Collections.shuffle(leaves, new Random(seed));
      for (int i = 0; i < 8; i += 2) {
        uplinks.group("standing-" + i, pair("standing-" + i, leaves.get(i), leaves.get(i + 1)));
      }
    }

    private List<Placed> pair(String name, int leaf, int other) {
      Scene.Wanted wanted = scene.group(name, 1, 1, 8);
      return List.of(
          new Placed(wanted.members.get(0), blocks.name(2 * leaf)),
          new Placed(wanted.members.get(1), blocks.name(2 * other)));
    }

    /** Places pairs one after another; the seconds they take with all the others on the uplinks. */
    double place(int pairs, boolean counted) {
      for (int i = 0; i < pairs; i++) {
        Scene.Wanted wanted = scene.group("new-" + i, 1, 1, 8);
        Choice best =
            best(counted ? uplinks.flows(wanted.name) : null, free, wanted.group(), wanted);
        for (Member member : wanted.members) {
          String node = Objects.requireNonNull(best.plan().get(member.id()));
          wanted.placed.add(new Placed(member, node));
          free[blocks.indexOf(node)] = Desk.CLOSED;
        }
        uplinks.group(wanted.name, wanted.placed);
        placed.add(wanted.group());
      }
      return placed.stream().mapToDouble(this::seconds).sum();
    }

    private double seconds(Group group) {
      Scene.Wanted wanted = Objects.requireNonNull(scene.groups.get(group.name()));
      int[] own = new int[blocks.size()];
      Arrays.fill(own, Desk.CLOSED);
      group.placed().forEach(at -> own[blocks.indexOf(at.node())] = 8);
      Group asked =
          new Group(
              group.key(), group.name(), 0, List.of(), wanted.members, group.transfer(), null);
      return best(uplinks.flows(group.key()), own, asked, wanted).seconds();
    }

    private Choice best(
        double @Nullable [][] flows, int[] spare, Group group, Scene.Wanted wanted) {
      int[] candidates = IntStream.range(0, spare.length).filter(node -> spare[node] > 0).toArray();
      Ranking ranking =
          scene.planner.rank(
              blocks, spare, spare, flows, group, wanted.members.getFirst(), candidates);
      return ((Ranking.Ranked) ranking).best();
    }
  }

  @Test
  void pairsThatMustSplitAreDoneSoonerWhereTheUplinksOfOthersAreCounted() {
    double with = 0;
    double without = 0;
    for (int seed = 1; seed <= 20; seed++) {
      double counted = new Splits(seed).place(4, true);
      double ignored = new Splits(seed).place(4, false);
      assertThat(counted).as("seed %d", seed).isLessThanOrEqualTo(ignored + 1e-9);
      with += counted;
      without += ignored;
    }
    assertThat(with).isLessThan(0.9 * without);
  }

  private static int[] closed(int[] free, int... nodes) {
    int[] closed = free.clone();
    for (int node : nodes) {
      closed[node] = Desk.CLOSED;
    }
    return closed;
  }

  private Choice best(
      int[] free, double @Nullable [][] flows, Scene.Wanted wanted, Member pod, int[] candidates) {
    Ranking ranking =
        scene.planner.rank(blocks, free, free, flows, wanted.group(), pod, candidates);
    return ((Ranking.Ranked) ranking).best();
  }
}
