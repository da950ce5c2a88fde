package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Calls with damage of every kind: each is answered, in the shape kube-scheduler decodes. */
class MangledCallsTest {
  private static final int CALLS = 4_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String POD =
      """
      {"metadata":{"name":"p","namespace":"llm","uid":"u1","creationTimestamp":"2026-01-01T00:00:00Z",
      "labels":{"leaderworkerset.sigs.k8s.io/name":"l","leaderworkerset.sigs.k8s.io/group-index":"1"},
      "annotations":{"%s":"prefill","%s":"g","%s":"prefill=2,decode=2","%s":"1000","%s":"preferred"}},
      "spec":{"nodeSelector":{"pool":"gpu"},"priority":7,"resourceClaims":[{"name":"c"}],
      "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"limits":{"nvidia.com/gpu":"1"}}}],
      "containers":[{"name":"c","resources":{"requests":{"nvidia.com/gpu":"4"}}}]}}\
      """
          .formatted(
              Keys.ROLE, Keys.GROUP, Keys.GROUP_SIZE, Keys.KV_BYTES_PER_TOKEN, Keys.TOPOLOGY);

  private static final List<String> FILTERS =
      List.of(
          "{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"n0\",\"n1\",\"n2\",\"n3\"]}",
          "{\"Pod\":{\"metadata\":{\"name\":\"other\"}},\"Nodes\":null,\"NodeNames\":[\"n0\",\"n1\"]}",
          "{\"Pod\":"
              + POD
              + ",\"Nodes\":{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"n0\"}},"
              + "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"a\":\"b\"}}}]},\"NodeNames\":null}");

  private static final List<String> PREEMPTIONS =
      List.of(
          "{\"Pod\":"
              + POD
              + ",\"NodeNameToVictims\":null,\"NodeNameToMetaVictims\":{\"n0\":{\"Pods\":[{\"UID\":\"a\"}],"
              + "\"NumPDBViolations\":0},\"n1\":{\"Pods\":[{\"UID\":\"b\"}],\"NumPDBViolations\":1}}}",
          "{\"Pod\":"
              + POD
              + ",\"NodeNameToVictims\":{\"n0\":{\"Pods\":[{\"metadata\":{\"uid\":\"a\"}}],"
              + "\"NumPDBViolations\":0}},\"NodeNameToMetaVictims\":null}");

  /** Values that stand where others belong. */
  private static final List<String> ODD =
      List.of(
          "null",
          "true",
          "-1",
          "1e999999999",
          "-9223372036854775809",
          "\"\"",
          "\"2147483647\"",
          "\"-4\"",
          "\"1e-9\"",
          "[]",
          "[[[]]]",
          "{}",
          "\"\\u00e9\"",
          "\"\\u0000\"",
          "\"" + "x".repeat(5_000) + "\"");

  private final ExtenderMetrics metrics = new ExtenderMetrics();
  private final Verbs verbs = verbs(metrics);

  private static Verbs verbs(ExtenderMetrics metrics) {
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
    for (int i = 0; i < 4; i++) {
      NodeFacts facts =
          new NodeFacts("n" + i, Map.of(Level.NVLINK, "d" + i / 2), 8, null, 0, List.of());
      picture.node(new NodeState(facts, true, false, Map.of("pool", "gpu")));
    }
    Decider decider =
        new Decider(picture, new Journal(), Decider.Limits.defaults(), Clock.systemUTC());
    return new Verbs(new PodReader(GpuResources.of("nvidia.com/gpu")), decider, metrics, false);
  }

  private static byte[] mangled(String body, Random random) {
    byte[] bytes = mangledValues(body, random).getBytes(StandardCharsets.UTF_8);
    int cut = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - cut, 1 + random.nextInt(12));
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, cut);
      case 1 -> {
        bytes[cut] = (byte) random.nextInt(256);
        yield bytes;
      }
      case 2 -> joined(Arrays.copyOf(bytes, cut), bytes, cut + length);
      case 3 -> joined(Arrays.copyOf(bytes, cut + length), bytes, cut);
      default -> bytes;
    };
  }

  private static byte[] joined(byte[] head, byte[] of, int from) {
    byte[] all = Arrays.copyOf(head, head.length + of.length - from);
    System.arraycopy(of, from, all, head.length, of.length - from);
    return all;
  }

  /** Swaps one value for an odd one, by text: what follows a colon or opens a list. */
  private static String mangledValues(String body, Random random) {
    String text = body;
    for (int times = random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(text.length());
      int colon = text.indexOf(random.nextBoolean() ? "\":" : "[", at);
      if (colon < 0) {
        continue;
      }
      int start = text.charAt(colon) == '[' ? colon + 1 : colon + 2;
      int end = start;
      while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      text = text.substring(0, start) + ODD.get(random.nextInt(ODD.size())) + text.substring(end);
    }
    return text;
  }

  private void hold(
      List<String> bodies, UnaryOperator<byte[]> verb, BiConsumer<String, JsonNode> legal) {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    for (int i = 0; i < CALLS; i++) {
      byte[] body = mangled(bodies.get(random.nextInt(bodies.size())), random);
      String told = "seed " + seed + ", call " + i + ": " + text(body);
      legal.accept(told, tree(told, verb.apply(body)));
    }
    assertThat(metrics.scrape()).as("seed %d", seed).doesNotContain("problem=\"internal\"");
  }

  /** What comes back came with the call; escapes in it are not looked into. */
  private static void sent(String told, String value) {
    if (told.indexOf('\\') < 0) {
      assertThat(told).contains(value);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static JsonNode tree(String told, byte[] answer) {
    try {
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(told + " -> " + text(answer), e);
    }
  }

  @Test
  void everyFilterCallGetsAResultWithANodeListOfItsOwn() {
    hold(
        FILTERS,
        verbs::filter,
        (told, answer) -> {
          assertThat(answer.path("Error").isTextual()).as(told).isTrue();
          JsonNode names = answer.path("NodeNames");
          JsonNode items = answer.path("Nodes").path("items");
          assertThat(names.isArray() || items.isArray() || items.isMissingNode())
              .as(told + " -> " + answer)
              .isTrue();
          assertThat(names.isArray() || answer.path("Nodes").isObject()).as(told).isTrue();
          names.forEach(name -> sent(told, name.textValue()));
        });
  }

  @Test
  void everyPrioritizeCallGetsAListOfHostsWithScoresUpToTen() {
    hold(
        FILTERS,
        verbs::prioritize,
        (told, answer) -> {
          assertThat(answer.isArray()).as(told).isTrue();
          answer.forEach(
              score -> assertThat(score.path("Score").asInt(-1)).as(told).isBetween(0, 10));
        });
  }

  @Test
  void everyPreemptCallGetsVictimsByNodeAndNoneThatWasNotOffered() {
    hold(
        PREEMPTIONS,
        verbs::preempt,
        (told, answer) -> {
          JsonNode nodes = answer.path("NodeNameToMetaVictims");
          assertThat(nodes.isObject()).as(told).isTrue();
          nodes.forEach(victims ->
              victims.path("Pods").forEach(pod -> sent(told, pod.path("UID").textValue())));
        });
  }
}
