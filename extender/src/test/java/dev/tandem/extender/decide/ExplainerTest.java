package dev.tandem.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));
  private final Journal journal = new Journal();
  private final Decider decider =
      new Decider(picture, journal, Decider.Limits.defaults(), Clock.fixed(NOW, ZoneOffset.UTC));
  private final Explainer explainer = new Explainer(picture, decider, journal);
  private final List<String> names = new ArrayList<>();

  /** Nodes of 8 GPUs, four a domain, all under one spine and two domains a leaf. */
  private void nodes(int count) {
    for (int i = 0; i < count; i++) {
      names.add("gpu-%03d".formatted(i));
      picture.node(node(i, true));
    }
  }

  private NodeState node(int i, boolean open) {
    return new NodeState(
        new NodeFacts(
            names.get(i),
            Map.of(Level.NVLINK, "n" + i / 4, Level.LEAF, "l" + i / 8, Level.SPINE, "s0"),
            8,
            null,
            0,
            List.of()),
        open,
        false,
        Map.of());
  }

  private PodFacts pod(String name, int gpus, Map<String, String> annotations) {
    return new PodFacts(
        "uid-" + name,
        "llm",
        name,
        null,
        true,
        false,
        NOW.toEpochMilli(),
        gpus,
        Map.of(),
        Annotations.read(annotations, Map.of()));
  }

  private PodFacts member(String name, String role, Map<String, String> more) {
    Map<String, String> annotations =
        new HashMap<>(
            Map.of(Keys.ROLE, role, Keys.GROUP, "chat", Keys.GROUP_SIZE, "prefill=2,decode=2"));
    annotations.putAll(more);
    return pod(name, 8, annotations);
  }

  private void fill(int node, String by) {
    picture.pod(pod(by, 8, Map.of()).on(names.get(node)));
  }

  private static Explanation.Today today(Explanation explanation) {
    return Objects.requireNonNull(explanation.today());
  }

  @Test
  void whatIsMissingForANearerPlaceIsNamedWithItsHolder() {
    nodes(8);
    fill(0, "other-a");
    fill(4, "other-b");
    PodFacts pod = member("p0", "prefill", Map.of());
    picture.pod(pod);
    picture.pod(member("d0", "decode", Map.of()));
    decider.filter(pod, names.stream().filter(n -> !n.equals("gpu-000")).toList());
    Explanation explanation = explainer.explain("llm/p0");
    assertThat(explanation.state()).isEqualTo(Explanation.State.WAITING);
    Explanation.Change change = today(explanation).changes().getFirst();
    assertThat(change.level()).isEqualTo(Level.NVLINK);
    assertThat(change.block()).isEqualTo("n0");
    assertThat(change.missing()).isEqualTo(8);
    assertThat(change.holders())
        .containsExactly(new Explanation.Holder("llm/other-a", null, "gpu-000", 8, false));
    assertThat(change.then().shared()).isEqualTo(Level.NVLINK);
    assertThat(change.then().seconds())
        .isLessThanOrEqualTo(Objects.requireNonNull(today(explanation).best()).seconds());
  }

  @Test
  void aCordonedNodeThatWouldHelpIsNamed() {
    nodes(4);
    picture.node(node(2, false));
    PodFacts pod = member("p0", "prefill", Map.of(Keys.TOPOLOGY, "required:nvlink"));
    picture.pod(pod);
    picture.pod(member("d0", "decode", Map.of()));
    List<String> open = names.stream().filter(n -> !n.equals("gpu-002")).toList();
    assertThat(decider.filter(pod, open)).isInstanceOf(Decision.Refused.class);
    Explanation explanation = explainer.explain("llm/p0");
    assertThat(explanation.state()).isEqualTo(Explanation.State.REFUSED);
    assertThat(today(explanation).best()).isNull();
    assertThat(today(explanation).out()).containsEntry("cordoned or not ready", 1);
    assertThat(today(explanation).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.shut()).containsExactly("gpu-002"));
    assertThat(explanation.next()).first().asString().contains("=preferred");
  }

  @Test
  void aGroupInOneDomainNeedsNoChange() {
    nodes(8);
    PodFacts pod = member("p0", "prefill", Map.of());
    picture.pod(pod);
    decider.filter(pod, names);
    Explanation.Today today = today(explainer.explain("llm/p0"));
    assertThat(today.changes()).isEmpty();
    assertThat(today.settled()).contains("no nearer place");
    assertThat(today.classes()).isNotEmpty();
    assertThat(today.classes().getFirst().nodes()).isEqualTo(4);
    assertThat(today.classes().getFirst().free()).isEqualTo(8);
    assertThat(today.plan()).hasSize(3).allMatch(member -> member.state().equals("planned"));
  }

  @Test
  void aBoundPodIsComparedWithTheBestPlaceOfToday() {
    nodes(8);
    fill(1, "other");
    PodFacts p = member("p0", "prefill", Map.of());
    PodFacts d = member("d0", "decode", Map.of());
    picture.pod(p.on("gpu-000"));
    picture.pod(d.on("gpu-004"));
    Explanation explanation = explainer.explain("llm/d0");
    assertThat(explanation.state()).isEqualTo(Explanation.State.BOUND);
    assertThat(Objects.requireNonNull(today(explanation).here()).node()).isEqualTo("gpu-004");
    assertThat(today(explanation).best()).isNotNull();
    assertThat(today(explanation).plan())
        .anySatisfy(member -> {
          assertThat(member.member()).isEqualTo("p0");
          assertThat(member.state()).isEqualTo("bound");
        });
    assertThat(explanation.next()).first().asString().contains("not placed by this extender");
  }

  @Test
  void explainingChangesNoDecision() {
    nodes(16);
    fill(0, "other");
    PodFacts first = member("p0", "prefill", Map.of());
    PodFacts second = member("d0", "decode", Map.of());
    picture.pod(first);
    picture.pod(second);
    decider.filter(first, names);
    int expected = decider.expected();
    Map<String, Integer> used = picture.usedGpus();
    explainer.explain("llm/p0");
    explainer.explain("llm/d0");
    assertThat(decider.expected()).isEqualTo(expected);
    assertThat(picture.usedGpus()).isEqualTo(used);
    assertThat(journal.of("llm/d0")).isEmpty();
  }

  @Test
  void aPodNobodyHeardOfIsToldWhatToLookAt() {
    nodes(4);
    Explanation explanation = explainer.explain("llm/nobody");
    assertThat(explanation.state()).isEqualTo(Explanation.State.UNKNOWN);
    assertThat(explanation.next()).anyMatch(step -> step.contains("schedulerName"));
  }

  @Test
  void aPodOfOthersSaysThatItWasPassedThrough() {
    nodes(4);
    decider.filter(pod("nginx", 0, Map.of()), names);
    Explanation explanation = explainer.explain("llm/nginx");
    assertThat(explanation.state()).isEqualTo(Explanation.State.PASSED_THROUGH);
    assertThat(explanation.decisions()).hasSize(1);
    assertThat(explanation.next()).anyMatch(step -> step.contains(Keys.ROLE));
  }

  @Test
  void aPodThatIsGoneKeepsItsDecisions() {
    nodes(4);
    PodFacts pod = member("p0", "prefill", Map.of());
    decider.filter(pod, names);
    Explanation explanation = explainer.explain("llm/p0");
    assertThat(explanation.state()).isEqualTo(Explanation.State.GONE);
    assertThat(explanation.decisions()).hasSize(1);
    assertThat(explanation.today()).isNull();
  }

  @Test
  void aKeyOfAnyFormIsAnswered() {
    for (String key : List.of("", "/", "a", "a/b/c", "\u0000/\u0000")) {
      assertThat(explainer.explain(key).state()).isEqualTo(Explanation.State.UNKNOWN);
    }
  }
}
