package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The planner against every possible placement, on clusters small enough to try them all. */
class OracleTest {
  private static Scene random(Random random, int nodes) {
    Scene scene = new Scene();
    for (int i = 0; i < nodes; i++) {
      int domain = random.nextInt(4);
      String nvlink = random.nextInt(5) == 0 ? null : "n" + domain;
      String leaf = random.nextInt(8) == 0 ? null : "l" + domain / 2;
      scene.node("node-" + i, nvlink, leaf, "s" + domain / 3, 8);
      scene.use("node-" + i, 4 * random.nextInt(3));
    }
    return scene;
  }

  private static double optimum(Scene scene, Scene.Wanted wanted) {
    return search(scene, wanted, new ArrayList<>(), Double.MAX_VALUE);
  }

  private static double search(
      Scene scene, Scene.Wanted wanted, List<Placed> places, double known) {
    if (places.size() == wanted.members.size()) {
      return Math.min(known, scene.cost(wanted, places));
    }
    double best = known;
    Member member = wanted.members.get(places.size());
    for (String node : scene.nodes.keySet()) {
      int free = scene.free.getOrDefault(node, 0);
      if (free >= member.gpus()) {
        scene.free.put(node, free - member.gpus());
        places.add(new Placed(member, node));
        best = search(scene, wanted, places, best);
        places.removeLast();
        scene.free.put(node, free);
      }
    }
    return best;
  }

  @Test
  void podByPodTheGroupComesOutAsTheBestOfAllPlacements() {
    int cases = 0;
    List<String> worse = new ArrayList<>();
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Scene scene = random(random, 6);
      int prefill = 1 + random.nextInt(2);
      Scene.Wanted wanted =
          scene.group("g", prefill, 1 + random.nextInt(4 - prefill), 4 << random.nextInt(2));
      double optimum = optimum(scene, wanted);
      if (optimum == Double.MAX_VALUE) {
        continue;
      }
      cases++;
      assertThat(scene.placeAll(wanted)).as("seed %d", seed).isTrue();
      double ours = scene.cost(wanted);
      if (ours > optimum * 1.000001) {
        worse.add("seed " + seed + ": " + ours / optimum + " " + wanted.placed);
      }
    }
    assertThat(cases).isGreaterThan(150);
    assertThat(worse).isEmpty();
  }
}
