package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The planner against every possible placement, on clusters small enough to try them all. */
class OracleTest {
  /** The bar: pod by pod, each asked for alone, a group comes within this of the best there is. */
  private static final double BAR = 1.02;

  private final LinkSpeeds speeds = LinkSpeeds.defaults();

  /** Domains of 1 to 4 nodes, some labels missing, nodes of 4 or 8 GPUs with work on them. */
  private static Scene random(Random random, int nodes) {
    Scene scene = new Scene();
    for (int i = 0; i < nodes; i++) {
      int domain = random.nextInt(nodes / 2 + 1);
      String nvlink = random.nextInt(5) == 0 ? null : "n" + domain;
      String leaf = random.nextInt(8) == 0 ? null : "l" + domain / 2;
      String spine = random.nextInt(12) == 0 ? null : "s" + domain / 3;
      int gpus = random.nextInt(4) == 0 ? 4 : 8;
      scene.node("node-%02d".formatted(i), nvlink, leaf, spine, gpus);
      scene.use("node-%02d".formatted(i), Math.min(gpus, 4 * random.nextInt(3)));
    }
    return scene;
  }

  private static Scene.Wanted wanted(Scene scene, Random random) {
    Scene.Wanted wanted = new Scene.Wanted("g", 0);
    boolean speculative = random.nextInt(5) == 0;
    int first = 1 + random.nextInt(2);
    int second = 1 + random.nextInt(4 - first);
    Scene.add(wanted, speculative ? Role.TARGET : Role.PREFILL, first, 2 << random.nextInt(3));
    Scene.add(wanted, speculative ? Role.DRAFT : Role.DECODE, second, 2 << random.nextInt(3));
    scene.groups.put("g", wanted);
    return wanted;
  }

  private double optimum(Scene scene, Scene.Wanted wanted) {
    Blocks blocks = Blocks.of(scene.interconnect());
    Desk desk =
        new Desk(
            blocks,
            new int[blocks.size()],
            Pairing.of(TransferCost.defaults(), speeds, wanted.group().transfer()),
            new int[] {0});
    for (Role role : Role.values()) {
      desk.total(role, (int) wanted.members.stream().filter(m -> m.role() == role).count());
    }
    int[] free = new int[blocks.size()];
    for (int node = 0; node < free.length; node++) {
      free[node] = scene.free.getOrDefault(blocks.name(node), 0);
    }
    return search(desk, free, wanted.members, 0, Double.MAX_VALUE);
  }

  private static double search(Desk desk, int[] free, List<Member> members, int at, double known) {
    if (at == members.size()) {
      return Math.min(known, desk.cost());
    }
    double best = known;
    Member member = members.get(at);
    Member weightless = new Member(member.id(), member.role(), 0);
    for (int node = 0; node < free.length; node++) {
      if (free[node] >= member.gpus()) {
        free[node] -= member.gpus();
        desk.place(weightless, node);
        best = search(desk, free, members, at + 1, best);
        desk.takeBack(weightless, node);
        free[node] += member.gpus();
      }
    }
    return best;
  }

  @Test
  void podByPodTheGroupComesOutWithinTwoPercentOfTheBestOfAllPlacements() {
    int cases = 0;
    int exact = 0;
    List<String> worse = new ArrayList<>();
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Scene scene = random(random, seed % 10 == 0 ? 12 : 4 + random.nextInt(6));
      Scene.Wanted wanted = wanted(scene, random);
      double optimum = optimum(scene, wanted);
      if (optimum == Double.MAX_VALUE) {
        continue;
      }
      cases++;
      assertThat(scene.placeAll(wanted)).as("seed %d", seed).isTrue();
      double ours = scene.cost(wanted);
      exact += ours <= optimum * 1.000001 ? 1 : 0;
      if (ours > optimum * BAR) {
        worse.add("seed " + seed + ": " + ours / optimum + " " + wanted.placed);
      }
    }
    assertThat(cases).isGreaterThan(200);
    assertThat(worse).isEmpty();
    assertThat(exact).isGreaterThan(cases * 9 / 10);
  }
}
