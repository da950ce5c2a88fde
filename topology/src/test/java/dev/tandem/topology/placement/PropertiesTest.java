package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds on every cluster, on seeded random ones. */
class PropertiesTest {
  private static final int CLUSTERS = 150;

  private static Scene cluster(int seed) {
    Random random = new Random(seed);
    Scene scene = new Scene();
    int nodes = 8 + random.nextInt(33);
    int perDomain = 1 + random.nextInt(5);
    for (int i = 0; i < nodes; i++) {
      String name = "node-%02d".formatted(i);
      boolean labelled = random.nextInt(10) > 0;
      scene.node(
          name,
          labelled && random.nextInt(8) > 0 ? "n" + i / perDomain : null,
          labelled ? "l" + i / 6 : null,
          labelled ? "s" + i / 18 : null,
          4 << random.nextInt(2));
      scene.use(name, Math.min(4 * random.nextInt(3), scene.free.getOrDefault(name, 0)));
    }
    scene.group("g", 1 + random.nextInt(4), 1 + random.nextInt(4), 2 << random.nextInt(3));
    return scene;
  }

  private static Scene.Wanted group(Scene scene) {
    return scene.groups.values().iterator().next();
  }

  @Test
  void noPodIsStuckWhileANodeHoldsIt() {
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Scene scene = cluster(seed);
      for (Member pod : group(scene).members) {
        boolean possible = !scene.feasible(pod).isEmpty();
        assertThat(scene.place(group(scene), pod)).as("seed %d, %s", seed, pod).isEqualTo(possible);
      }
    }
  }

  @Test
  void neverWorseThanPuttingEachPodWhereItIsCheapestAtThatMoment() {
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Scene ours = cluster(seed);
      boolean all = ours.placeAll(group(ours));
      Scene greedy = cluster(seed);
      boolean greedyAll = true;
      for (Member pod : group(greedy).members) {
        greedyAll &= cheapestNow(greedy, pod);
      }
      if (greedyAll) {
        assertThat(all).as("seed %d", seed).isTrue();
        assertThat(ours.cost(group(ours)))
            .as("seed %d", seed)
            .isLessThanOrEqualTo(greedy.cost(group(greedy)) * 1.000001);
      }
    }
  }

  private static boolean cheapestNow(Scene scene, Member pod) {
    Scene.Wanted wanted = group(scene);
    String best = null;
    double least = Double.MAX_VALUE;
    for (String node : scene.feasible(pod)) {
      List<Placed> places = new ArrayList<>(wanted.placed);
      places.add(new Placed(pod, node));
      double cost = scene.cost(wanted, places);
      if (cost < least) {
        least = cost;
        best = node;
      }
    }
    if (best != null) {
      scene.put(wanted, pod, best);
    }
    return best != null;
  }

  @Test
  void theAnswerDependsNeitherOnTheOrderOfNodesNorOnEarlierQuestions() {
    for (int seed = 0; seed < CLUSTERS; seed++) {
      Scene scene = cluster(seed);
      Member pod = group(scene).members.getFirst();
      List<String> names = scene.feasible(pod);
      if (names.isEmpty()) {
        continue;
      }
      Ranking answer = scene.ask(group(scene), pod, names);
      assertThat(scene.ask(group(scene), pod, names)).as("seed %d", seed).isEqualTo(answer);
      List<NodeFacts> shuffled = new ArrayList<>(scene.nodes.values());
      Collections.shuffle(shuffled, new Random(seed));
      List<String> candidates = new ArrayList<>(names);
      Collections.shuffle(candidates, new Random(seed + 1));
      Ranking elsewhere =
          new Planner(TransferCost.defaults(), 0.05, 32)
              .rank(
                  new Cluster(Interconnect.of(shuffled, LinkSpeeds.defaults()), scene.free),
                  group(scene).group(),
                  pod,
                  candidates,
                  List.of());
      assertThat(elsewhere).as("seed %d", seed).isEqualTo(answer);
    }
  }

  @Test
  void moreBandwidthNeverMakesThePredictionWorse() {
    for (int seed = 0; seed < CLUSTERS; seed++) {
      double before = seconds(seed, LinkSpeeds.defaults());
      for (Level level : Level.values()) {
        Map<Level, LinkSpeeds.Link> faster = new EnumMap<>(LinkSpeeds.defaults().links());
        LinkSpeeds.Link link = LinkSpeeds.defaults().link(level);
        faster.put(
            level, new LinkSpeeds.Link(3 * link.bandwidthGigabytesPerSecond(), link.transport()));
        assertThat(seconds(seed, new LinkSpeeds(faster)))
            .as("seed %d, %s", seed, level)
            .isLessThanOrEqualTo(before * 1.002);
      }
    }
  }

  /** The group as planned for its first pod; the nudge of a thousandth is allowed for. */
  private static double seconds(int seed, LinkSpeeds speeds) {
    Scene scene = cluster(seed);
    Member pod = group(scene).members.getFirst();
    Ranking ranking =
        scene.planner.rank(
            new Cluster(Interconnect.of(scene.nodes.values(), speeds), scene.free),
            group(scene).group(),
            pod,
            scene.feasible(pod),
            List.of());
    return ranking instanceof Ranking.Ranked ranked ? ranked.best().seconds() : 0;
  }
}
