package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a scrape says after whole calls. Nodes of 8 GPUs, two to an NVLink domain. */
class DecisionMetricsTest {
  private static final Map<String, String> PAIR =
      Map.of(Keys.ROLE, "prefill", Keys.GROUP, "pair", Keys.GROUP_SIZE, "prefill=1,decode=1");

  private final ExtenderMetrics metrics = new ExtenderMetrics();
  private final ClusterPicture picture =
      new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
  private final Verbs verbs =
      new Verbs(
          new PodReader(GpuResources.of("nvidia.com/gpu")),
          new Decider(picture, new Journal(), Decider.Limits.defaults(), Clock.systemUTC()),
          metrics,
          false);

  private void node(String name, Map<Level, String> levels) {
    NodeFacts facts = new NodeFacts(name, levels, 8, null, 0, List.of());
    picture.node(new NodeState(facts, true, false, Map.of()));
  }

  private void domains(int count) {
    for (int i = 0; i < 2 * count; i++) {
      node("n" + i, Map.of(Level.NVLINK, "d" + i / 2, Level.LEAF, "l" + i / 4));
    }
  }

  private void bound(String name, Map<String, String> annotations, String node) {
    picture.pod(
        new PodFacts(
            name,
            "llm",
            name,
            node,
            true,
            false,
            0,
            8,
            Map.of(),
            Annotations.read(annotations, Map.of())));
  }

  private static String pod(String name, Map<String, String> annotations) {
    String asked =
        annotations.entrySet().stream()
            .map(entry -> "\"%s\":\"%s\"".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(","));
    return """
        {"metadata":{"name":"%1$s","namespace":"llm","uid":"%1$s","annotations":{%2$s}},
        "spec":{"containers":[{"name":"c","resources":{"limits":{"nvidia.com/gpu":"8"}}}]}}"""
        .formatted(name, asked);
  }

  private void filter(String name, Map<String, String> annotations, String... nodes) {
    verbs.filter(
        "{\"Pod\":%s,\"NodeNames\":[\"%s\"]}"
            .formatted(pod(name, annotations), String.join("\",\"", nodes))
            .getBytes(StandardCharsets.UTF_8));
  }

  private String decisions() {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("tandem_extender_decisions_total"))
        .collect(Collectors.joining("\n"));
  }

  private static String decided(String outcome, String reason) {
    return "tandem_extender_decisions_total{outcome=\"%s\",reason=\"%s\"} 1.0"
        .formatted(outcome, reason);
  }

  private double value(String name) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRequiredLevelWithoutRoomIsRefused() {
    domains(2);
    Map<String, String> asks = new HashMap<>(PAIR);
    asks.put(Keys.GROUP_SIZE, "prefill=2,decode=2");
    asks.put(Keys.TOPOLOGY, "required:nvlink");
    filter("p", asks, "n0", "n1", "n2", "n3");
    assertThat(decisions()).isEqualTo(decided("refused", "required-level"));
  }

  @Test
  void nodesNobodyKnowsAreRefusedAndCounted() {
    domains(1);
    filter("p", PAIR, "x", "y");
    assertThat(decisions()).isEqualTo(decided("refused", "unknown-nodes"));
    assertThat(value("tandem_extender_unknown_nodes_total")).isEqualTo(2);
  }

  @Test
  void aPodWithoutAGroupIsLeftToTheScheduler() {
    domains(2);
    filter("p", Map.of(Keys.ROLE, "prefill"), "n0", "n1");
    assertThat(decisions()).isEqualTo(decided("indifferent", "no-group"));
  }

  @Test
  void aGroupOnEqualLinksIsLeftToTheScheduler() {
    node("n0", Map.of());
    node("n1", Map.of());
    filter("p", PAIR, "n0", "n1");
    assertThat(decisions()).isEqualTo(decided("indifferent", "equal-links"));
  }

  @Test
  void aPodOfOthersIsPassedThrough() {
    domains(1);
    filter("p", Map.of(), "n0", "n1");
    assertThat(decisions()).isEqualTo(decided("passed-through", ""));
  }

  @Test
  void aGroupThatWillBeWholeInADomainIsCountedWithItsTransfer() {
    domains(2);
    filter("p", PAIR, "n0", "n1", "n2", "n3");
    assertThat(decisions()).isEqualTo(decided("chosen", ""));
    assertThat(value("tandem_extender_chosen_total{shared=\"nvlink\"}")).isEqualTo(1);
    assertThat(value("tandem_extender_predicted_transfer_seconds_count")).isEqualTo(1);
    assertThat(value("tandem_extender_predicted_transfer_seconds_sum")).isBetween(0.001, 0.1);
    assertThat(value("tandem_extender_plan_quality_count")).isEqualTo(1);
    assertThat(value("tandem_extender_plan_quality_sum")).isEqualTo(1);
  }

  @Test
  void aGroupThatMustSpanDomainsIsOfLesserQuality() {
    domains(2);
    bound("used-1", Map.of(), "n1");
    bound("used-3", Map.of(), "n3");
    filter("p", PAIR, "n0", "n2");
    assertThat(value("tandem_extender_chosen_total{shared=\"leaf\"}")).isEqualTo(1);
    assertThat(value("tandem_extender_plan_quality_sum")).isGreaterThan(0).isLessThan(1);
  }

  @Test
  void takingWhatAnotherGroupWaitsForIsCrowded() {
    domains(2);
    bound("half", PAIR, "n0");
    bound("used-2", Map.of(), "n2");
    bound("used-3", Map.of(), "n3");
    Map<String, String> other = new HashMap<>(PAIR);
    other.put(Keys.GROUP, "other");
    filter("p", other, "n1");
    assertThat(decisions()).isEqualTo(decided("chosen-crowded", ""));
  }

  @Test
  void preemptionsAreCountedByWhatStaysOfTheNodesOffered() {
    domains(1);
    bound("half", PAIR, "n0");
    Map<String, String> decode = new HashMap<>(PAIR);
    decode.put(Keys.ROLE, "decode");
    bound("other-half", decode, "n1");
    preempt("{\"n0\":[\"half\"]}");
    preempt("{\"n0\":[\"half\"],\"n1\":[\"stranger\"]}");
    assertThat(value("tandem_extender_preemptions_total{outcome=\"all-kept\"}")).isEqualTo(1);
    assertThat(value("tandem_extender_preemptions_total{outcome=\"some-left-out\"}")).isEqualTo(1);
  }

  private void preempt(String victims) {
    String meta =
        victims
            .replace("[\"", "{\"Pods\":[{\"UID\":\"")
            .replace("\"]", "\"}],\"NumPDBViolations\":0}");
    verbs.preempt(
        "{\"Pod\":%s,\"NodeNameToMetaVictims\":%s}"
            .formatted(pod("wants", Map.of(Keys.ROLE, "prefill")), meta)
            .getBytes(StandardCharsets.UTF_8));
  }
}
