package dev.tandem.topology.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Plans kept between questions are as good as plans made for each. */
class ReservationsTest {
  private final Planner planner = new Planner(TransferCost.defaults(), 0.05, 32);

  private static int[] free(Blocks blocks, Scene scene) {
    int[] free = new int[blocks.size()];
    for (int node = 0; node < free.length; node++) {
      free[node] = scene.free.getOrDefault(blocks.name(node), 0);
    }
    return free;
  }

  /** What is kept for the groups, summed: GPUs, whatever the nodes. */
  private static int kept(int[] free, int[] left) {
    return Arrays.stream(free).sum() - Arrays.stream(left).sum();
  }

  @Test
  void aMemoryKeepsAsMuchAsOneWithoutAndGroupsComeOutAlike() {
    int places = 0;
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      Scene remembering = scene(seed);
      Blocks blocks = Blocks.of(remembering.interconnect());
      Reservations memory = new Reservations(planner, Integer.MAX_VALUE);
      List<Scene.Wanted> groups = new ArrayList<>(remembering.groups.values());
      int split = 0;
      for (int turn = 0; turn < 4 * groups.size(); turn++) {
        Scene.Wanted wanted = groups.get(random.nextInt(groups.size()));
        if (wanted.missing().isEmpty()) {
          continue;
        }
        Member pod = wanted.missing().get(random.nextInt(wanted.missing().size()));
        List<Group> all = groups.stream().map(Scene.Wanted::group).toList();
        int[] free = free(blocks, remembering);
        Left claims = memory.left(blocks, free, free.clone(), all, wanted.name, 0, g -> null);
        int[] left = claims.gpus();
        int[] anew =
            new Reservations(planner, Integer.MAX_VALUE)
                .left(blocks, free, free.clone(), all, wanted.name, 0, g -> null)
                .gpus();
        assertThat(kept(free, left)).as("seed %d, turn %d", seed, turn).isEqualTo(kept(free, anew));
        int[] candidates = remembering.feasible(pod).stream().mapToInt(blocks::indexOf).toArray();
        Ranking ranking = planner.rank(blocks, free, left, null, wanted.group(), pod, candidates);
        Ranking other = planner.rank(blocks, free, anew, null, wanted.group(), pod, candidates);
        Choice best = ((Ranking.Ranked) ranking).best();
        assertThat(best.seconds())
            .as("seed %d, turn %d", seed, turn)
            .isEqualTo(((Ranking.Ranked) other).best().seconds());
        Choice kept = claims.place(wanted.group(), pod, node -> free[node] >= pod.gpus());
        if (kept == null) {
          memory.keep(blocks, wanted.group(), pod, best);
        } else {
          places++;
          assertThat(kept.seconds()).as("seed %d, turn %d", seed, turn).isEqualTo(best.seconds());
          assertThat(kept.shared()).as("seed %d, turn %d", seed, turn).isEqualTo(best.shared());
          assertThat(kept.plan()).containsOnlyKeys(ids(wanted.missing()));
        }
        remembering.put(wanted, pod, kept == null ? best.node() : kept.node());
      }
      for (Scene.Wanted wanted : groups) {
        split += wanted.missing().isEmpty() && !remembering.inOneDomain(wanted) ? 1 : 0;
      }
      assertThat(split).as("seed %d", seed).isZero();
    }
    assertThat(places).isGreaterThan(100);
  }

  private static Set<String> ids(List<Member> members) {
    return members.stream().map(Member::id).collect(Collectors.toSet());
  }

  @Test
  void aPlaceIsKeptForEachMemberUntilItIsTakenOrNotOffered() {
    Scene scene = Scene.regular(8, 4, 8, 8);
    Scene.Wanted wanted = scene.group("g", 1, 2, 8);
    Blocks blocks = Blocks.of(scene.interconnect());
    Reservations memory = new Reservations(planner, 4);
    Member first = wanted.member("g-prefill-0");
    Member second = wanted.member("g-decode-0");
    assertThat(left(memory, blocks, scene, wanted).place(wanted.group(), first, node -> true))
        .as("nothing is planned yet")
        .isNull();
    Choice sent = ((Ranking.Ranked) scene.ask(wanted, first, scene.feasible(first))).best();
    memory.keep(blocks, wanted.group(), first, sent);
    scene.put(wanted, first, sent.node());
    Left claims = left(memory, blocks, scene, wanted);
    Choice kept = Objects.requireNonNull(claims.place(wanted.group(), second, node -> true));
    assertThat(kept.node()).isIn(sent.plan().values()).isNotEqualTo(sent.node());
    assertThat(kept.reason()).isEqualTo(sent.reason() + ", kept for it");
    assertThat(claims.place(wanted.group(), first, node -> true)).as("it was sent before").isNull();
    Choice other =
        Objects.requireNonNull(
            claims.place(wanted.group(), second, node -> node != blocks.indexOf(kept.node())));
    assertThat(other.node()).isNotEqualTo(kept.node());
    assertThat(claims.place(wanted.group(), second, node -> false)).isNull();
    wanted.required = Level.LEAF;
    assertThat(claims.place(wanted.group(), second, node -> true))
        .as("a level that is required is looked at anew")
        .isNull();
    wanted.required = null;
    scene.use(kept.node(), 8);
    assertThat(left(memory, blocks, scene, wanted).place(wanted.group(), second, node -> true))
        .as("one of the places is taken")
        .isNull();
  }

  private static Left left(Reservations memory, Blocks blocks, Scene scene, Scene.Wanted wanted) {
    int[] free = free(blocks, scene);
    return memory.left(blocks, free, free, List.of(wanted.group()), wanted.name, 0, g -> null);
  }

  private static Scene scene(int seed) {
    Scene scene = Scene.regular(96, 8, 16, 48);
    Random random = new Random(seed);
    for (int i = 0; i < 96; i++) {
      scene.use("gpu-%04d".formatted(i), 4 * random.nextInt(2));
    }
    for (int g = 0; g < 16; g++) {
      scene.group("g%02d".formatted(g), 2, 2, 4);
    }
    return scene;
  }

  @Test
  void aPlanIsMadeAgainWhenItsPlaceIsTakenOrABetterOneTurnsUp() {
    Scene scene = Scene.regular(8, 2, 4, 8);
    scene.names().forEach(node -> scene.use(node, 8));
    scene.use("gpu-0000", -8).use("gpu-0002", -8).use("gpu-0005", -8);
    Scene.Wanted wanted = scene.group("g", 1, 1, 8);
    scene.put(wanted, wanted.members.getFirst(), "gpu-0000");
    Blocks blocks = Blocks.of(scene.interconnect());
    Reservations memory = new Reservations(planner, 4);
    assertThat(keptOn(memory, blocks, scene, wanted)).isEqualTo("gpu-0002");
    scene.use("gpu-0002", 8);
    assertThat(keptOn(memory, blocks, scene, wanted)).isEqualTo("gpu-0005");
    scene.use("gpu-0001", -8);
    assertThat(keptOn(memory, blocks, scene, wanted)).isEqualTo("gpu-0001");
  }

  private static String keptOn(
      Reservations memory, Blocks blocks, Scene scene, Scene.Wanted wanted) {
    int[] free = free(blocks, scene);
    int[] left =
        memory.left(blocks, free, free.clone(), List.of(wanted.group()), null, 0, g -> null).gpus();
    for (int node = 0; node < free.length; node++) {
      if (left[node] < free[node]) {
        return blocks.name(node);
      }
    }
    return "nowhere";
  }
}
