package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import dev.tandem.api.Role;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole calls and whole answers, byte for byte, from files beside this class. Six nodes of 8 GPUs
 * in three NVLink domains of two; on n0 half of a pair, on n2 a pod of its own, n4 and n5 full.
 */
class WireFormTest {
  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
  private final Decider decider =
      new Decider(picture, new Journal(), Decider.Limits.defaults(), Clock.systemUTC());
  private final Verbs verbs =
      new Verbs(
          new PodReader(GpuResources.of("nvidia.com/gpu")), decider, new ExtenderMetrics(), false);

  WireFormTest() {
    for (int i = 0; i < 6; i++) {
      Map<Level, String> levels = Map.of(Level.NVLINK, "d" + i / 2, Level.LEAF, "l0");
      NodeFacts facts = new NodeFacts("n" + i, levels, 8, null, 0, List.of());
      picture.node(new NodeState(facts, true, false, Map.of()));
    }
    picture.pod(pod("half", "pair", "n0", 4));
    picture.pod(pod("other-half", "pair", "n1", 4));
    picture.pod(pod("single", null, "n2", 4));
    picture.pod(pod("full-4", null, "n4", 8));
    picture.pod(pod("full-5", null, "n5", 8));
  }

  private static PodFacts pod(String uid, @Nullable String group, String node, int gpus) {
    PodFacts.Ask ask =
        group == null
            ? null
            : new PodFacts.Ask(Role.PREFILL, group, null, null, 2_000_000, null, null);
    return new PodFacts(uid, "llm", uid, node, true, false, 0, gpus, Map.of(), ask);
  }

  private static String file(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(WireFormTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "filter-names",
        "filter-nodes",
        "filter-other",
        "filter-refused",
        "filter-half",
        "prioritize",
        "preempt-meta",
        "preempt-whole"
      })
  void everyCallGetsTheAnswerOfItsFile(String name) throws IOException {
    byte[] call = file(name + ".call.json").getBytes(StandardCharsets.UTF_8);
    byte[] answer =
        switch (name.split("-", -1)[0]) {
          case "filter" -> verbs.filter(call);
          case "prioritize" -> verbs.prioritize(call);
          default -> verbs.preempt(call);
        };
    assertThat(new String(answer, StandardCharsets.UTF_8) + "\n")
        .isEqualTo(file(name + ".answer.json"));
  }
}
