package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups whose pods come in any order, grow, lose nodes and outrank each other. */
class GroupsOnTheMoveTest {
  private static final int CLIENTS = 16;

  @Test
  void twoHundredGroupsOfSixteenClientsEndInOneDomainEach() {
    for (int seed = 1; seed <= 2; seed++) {
      Stage stage = new Stage().nodes(640, 16, 32);
      Random random = new Random(seed);
      for (int i = 0; i < 640; i++) {
        if (random.nextBoolean()) {
          stage.use("gpu-%04d".formatted(i), 4);
        }
      }
      Map<String, Set<String>> domains = new HashMap<>();
      ArrayDeque<Runnable> late = new ArrayDeque<>();
      for (PodFacts pod : interleaved(random)) {
        stage.picture.pod(pod);
        String node = stage.send(pod);
        domains.computeIfAbsent(pod.groupKey() + "", g -> new HashSet<>()).add(stage.domain(node));
        late.add(() -> stage.bind(pod, node));
        if (late.size() > 20) {
          late.remove().run();
        }
      }
      assertThat(domains.values().stream().filter(set -> set.size() == 1).count())
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(195);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600, -90, 0, 90, 3_600})
  void groupsEndWholeHoweverFarTheApiServersClockIsOff(long secondsAhead) {
    Stage stage = new Stage(Duration.ofSeconds(secondsAhead)).nodes(64, 4, 16);
    List<String> roles = List.of("prefill", "decode", "decode");
    Map<String, Set<String>> domains = new HashMap<>();
    for (int i = 0; i < roles.size(); i++) {
      for (int g = 0; g < 21; g++) {
        PodFacts pod = Stage.member("g" + g, roles.get(i), i, 8, "prefill=1,decode=2");
        domains
            .computeIfAbsent(pod.groupKey() + "", group -> new HashSet<>())
            .add(stage.domain(stage.place(pod)));
      }
    }
    assertThat(domains.values().stream().filter(set -> set.size() == 1).count())
        .as("16 domains of 4 nodes hold a group of 3 each")
        .isGreaterThanOrEqualTo(15);
  }

  /** Each client creates the pods of its groups one after another, beside all the others. */
  private static List<PodFacts> interleaved(Random random) {
    List<ArrayDeque<PodFacts>> clients = new ArrayList<>();
    for (int c = 0; c < CLIENTS; c++) {
      clients.add(new ArrayDeque<>());
    }
    for (int g = 0; g < 200; g++) {
      for (String role : List.of("prefill", "prefill", "decode", "decode")) {
        ArrayDeque<PodFacts> client = clients.get(g % CLIENTS);
        client.add(Stage.member("g" + g, role, client.size() % 2, 4));
      }
    }
    List<PodFacts> pods = new ArrayList<>();
    while (pods.size() < 800) {
      ArrayDeque<PodFacts> client = clients.get(random.nextInt(CLIENTS));
      if (!client.isEmpty()) {
        pods.add(client.remove());
      }
    }
    return pods;
  }

  @Test
  void aPodAddedLaterGoesIntoTheDomainOfItsPartners() {
    Stage stage = new Stage().nodes(64, 8, 16);
    Set<String> domains = new HashSet<>();
    for (String role : List.of("prefill", "decode")) {
      domains.add(stage.domain(stage.place(Stage.member("a", role, 0, 8, "prefill=1,decode=1"))));
    }
    stage.place(Stage.member("b", "prefill", 0, 8));
    domains.add(stage.domain(stage.place(Stage.member("a", "decode", 1, 8, "prefill=1,decode=2"))));
    assertThat(domains).hasSize(1);
  }

  @Test
  void theReplacementOfAPodOnALostNodeGoesWhereTheLivingAre() {
    Stage stage = new Stage().nodes(32, 4, 8);
    Map<String, String> at = new HashMap<>();
    for (String role : List.of("prefill", "decode")) {
      for (int i = 0; i < 2; i++) {
        PodFacts pod = Stage.member("a", role, i, 8, "prefill=2,decode=2");
        at.put(pod.name(), stage.place(pod));
      }
    }
    String home = stage.domain(String.valueOf(at.get("a-prefill-0")));
    stage.lose(String.valueOf(at.get("a-prefill-1")));
    stage.lose(String.valueOf(at.get("a-decode-1")));
    // The domain has no room for both any more, and a pod on a lost node holds nobody there.
    assertThat(stage.domain(stage.place(Stage.member("a", "prefill", 2, 8)))).isNotEqualTo(home);

    Stage roomy = new Stage().nodes(32, 8, 16);
    PodFacts first = Stage.member("a", "prefill", 0, 8, "prefill=1,decode=1");
    PodFacts lost = Stage.member("a", "decode", 0, 8, "prefill=1,decode=1");
    String kept = roomy.place(first);
    roomy.lose(roomy.place(lost));
    String again = roomy.place(Stage.member("a", "decode", 1, 8, "prefill=1,decode=1"));
    assertThat(roomy.domain(again)).isEqualTo(roomy.domain(kept));
  }

  @Test
  void aGroupThatLostItsOnlyPlacedPodStartsAnywhere() {
    Stage stage = new Stage().nodes(8, 4, 8);
    String lost = stage.place(Stage.member("a", "prefill", 0, 8, "prefill=1,decode=3"));
    stage.lose(lost);
    String next = stage.place(Stage.member("a", "decode", 0, 8, "prefill=1,decode=3"));
    assertThat(stage.domain(next)).isNotEqualTo(stage.domain(lost));
  }

  @Test
  void aGroupKeepsNoPlaceFromAPodOfHigherPriority() {
    Stage stage = new Stage().nodes(8, 4, 8);
    stage.use("gpu-0000", 8).use("gpu-0004", 8).use("gpu-0005", 8);
    String low = stage.place(Stage.member("low", "prefill", 0, 8, "prefill=1,decode=2"));
    assertThat(stage.domain(low)).isEqualTo("n0");
    Map<String, String> pair =
        Map.of(Keys.ROLE, "prefill", Keys.GROUP, "other", Keys.GROUP_SIZE, "prefill=1,decode=1");
    assertThat(stage.domain(stage.ask(Stage.pod("same", 8, pair, 0, null)).getFirst()))
        .isEqualTo("n1");
    stage.use("gpu-0006", 8);
    assertThat(stage.domain(stage.ask(Stage.pod("urgent", 8, pair, 1000, null)).getFirst()))
        .isEqualTo("n0");
  }

  @Test
  void thePodsOfOneReplicaAreOneEngineAndStayTogether() {
    Stage stage = new Stage().nodes(24, 6, 12).use("gpu-0000", 8).use("gpu-0006", 8);
    Map<String, Set<String>> domains = new HashMap<>();
    List<PodFacts> pods = new ArrayList<>();
    for (String role : List.of("prefill", "decode")) {
      for (int replica = 0; replica < 2; replica++) {
        for (int worker = 0; worker < 3; worker++) {
          pods.add(
              Stage.pod(
                  role + "-" + replica + "-" + worker,
                  8,
                  Map.of(Keys.ROLE, role, Keys.GROUP, "big", Keys.GROUP_SIZE, "prefill=2,decode=2"),
                  0,
                  new PodFacts.Engine(role + "/" + replica, 3)));
        }
      }
    }
    Collections.shuffle(pods, new Random(5));
    for (PodFacts pod : pods) {
      domains
          .computeIfAbsent(pod.engine() + "", e -> new HashSet<>())
          .add(stage.domain(stage.place(pod)));
    }
    assertThat(domains).hasSize(4);
    assertThat(domains.values()).allMatch(set -> set.size() == 1);
  }

  @Test
  void aLeaderWorkerSetsLabelsNameItsEngines() {
    Map<String, String> labels =
        Map.of(
            "leaderworkerset.sigs.k8s.io/name", "llama",
            "leaderworkerset.sigs.k8s.io/group-index", "1",
            "leaderworkerset.sigs.k8s.io/worker-index", "0");
    assertThat(LeaderWorkerSets.engine(Map.of("leaderworkerset.sigs.k8s.io/size", "4"), labels))
        .isEqualTo(new PodFacts.Engine("llama/1", 4));
    for (String bad : List.of("1", "0", "-3", "many", "99999999999", "")) {
      assertThat(LeaderWorkerSets.engine(Map.of("leaderworkerset.sigs.k8s.io/size", bad), labels))
          .isNull();
    }
    assertThat(LeaderWorkerSets.engine(Map.of(), labels)).isNull();
  }

  @Test
  void aNodeThatComesWhileAGenerationIsDrawnIsKnownAfterwards() {
    ArrayDeque<Runnable> drawing = new ArrayDeque<>();
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC(), drawing::add);
    Stage other = new Stage().node("a", Map.of(Level.LEAF, "l0")).node("b", Map.of());
    assertThat(picture.settled()).isTrue();
    picture.node(Objects.requireNonNull(other.nodes.get("a")));
    picture.node(Objects.requireNonNull(other.nodes.get("b")));
    assertThat(picture.settled()).isFalse();
    assertThat(picture.interconnect().knows("a")).isFalse();
    assertThat(drawing).hasSize(1);
    drawing.remove().run();
    assertThat(picture.settled()).isTrue();
    assertThat(picture.interconnect().nodes().keySet()).containsExactly("a", "b");
    assertThat(picture.interconnect().generation()).isEqualTo(1);
  }
}
