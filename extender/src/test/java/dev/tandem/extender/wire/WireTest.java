package dev.tandem.extender.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Choice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes on the wire, as kubernetes/kube-scheduler extender/v1 types.go and its test pin them.
 */
class WireTest {
  private static final String POD =
      """
      {"metadata":{"name":"p","namespace":"llm","uid":"u1","creationTimestamp":"2026-01-01T00:00:00Z",
       "annotations":{"production-stack.vllm.ai/role":"prefill","production-stack.vllm.ai/group":"g"}},
       "spec":{"nodeSelector":{"pool":"gpu"},
        "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"limits":{"nvidia.com/gpu":"1"}}},
                          {"name":"i","resources":{"limits":{"nvidia.com/gpu":"2"}}}],
        "containers":[{"name":"c","resources":{"requests":{"nvidia.com/gpu":"4"}}}],
        "unknownField":{"x":1}}}
      """;

  private final ArgsReader reader =
      new ArgsReader(new PodReader(GpuResources.of("nvidia.com/gpu")));
  private final Answers answers = new Answers();

  private ExtenderArgs.Parsed read(String body) {
    return reader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private ExtenderArgs args(String body) {
    assertThat(read(body)).isInstanceOf(ExtenderArgs.Valid.class);
    return ((ExtenderArgs.Valid) read(body)).args();
  }

  private String reason(String body) {
    assertThat(read(body)).isInstanceOf(ExtenderArgs.Invalid.class);
    return ((ExtenderArgs.Invalid) read(body)).reason();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Choice choice(String node) {
    return new Choice(node, 0.01, 0.01, 0, null, true, "because", Map.of());
  }

  @Test
  void theGoCasedCallIsRead() {
    ExtenderArgs args = args("{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]}");
    assertThat(args.namesOnly()).isTrue();
    assertThat(args.nodeNames()).containsExactly("a", "b");
    assertThat(args.pod().key()).isEqualTo("llm/p");
    assertThat(args.pod().gpus()).isEqualTo(5);
    assertThat(args.pod().nodeSelector()).isEqualTo(Map.of("pool", "gpu"));
    assertThat(args.pod().groupKey()).isEqualTo("llm/g");
    PodFacts.Ask ask = args.pod().ask();
    assertThat(ask == null ? null : ask.role()).isEqualTo(Role.PREFILL);
  }

  @Test
  void anyCaseIsRead() {
    for (String names : List.of("nodenames", "nodeNames", "NODENAMES", "NodeNames")) {
      assertThat(args("{\"pod\":" + POD + ",\"nodes\":null,\"" + names + "\":[\"a\"]}").nodeNames())
          .containsExactly("a");
    }
  }

  @Test
  void wholeNodesAreReadAndTheirNamesTaken() {
    ExtenderArgs args =
        args(
            "{\"Pod\":"
                + POD
                + ",\"Nodes\":{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"a\"}},"
                + "{\"metadata\":{\"name\":\"b\"}}]},\"NodeNames\":null}");
    assertThat(args.namesOnly()).isFalse();
    assertThat(args.nodeNames()).containsExactly("a", "b");
  }

  @Test
  void aFilterAnswerNamesTheNodesInGoCase() {
    ExtenderArgs args = args("{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]}");
    assertThat(
            text(
                answers.filter(
                    args, new Decision.Chosen(List.of(choice("b")), Map.of("a", "unknown")))))
        .isEqualTo(
            "{\"Nodes\":null,\"NodeNames\":[\"b\"],\"FailedNodes\":{\"a\":\"unknown\"},"
                + "\"FailedAndUnresolvableNodes\":null,\"Error\":\"\"}");
  }

  @Test
  void aPodOfOthersGetsEveryCandidateBack() {
    ExtenderArgs args = args("{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"b\",\"a\"]}");
    assertThat(text(answers.filter(args, new Decision.PassedThrough())))
        .isEqualTo(
            "{\"Nodes\":null,\"NodeNames\":[\"b\",\"a\"],\"FailedNodes\":{},"
                + "\"FailedAndUnresolvableNodes\":null,\"Error\":\"\"}");
  }

  @Test
  void theCandidatesOfAPodThatAsksNothingComeBackAsTheyCame() {
    String other = "{\"Pod\":{\"metadata\":{\"name\":\"p\"}},";
    String rest = "\"FailedNodes\":{},\"FailedAndUnresolvableNodes\":null,\"Error\":\"\"}";
    ExtenderArgs names = args(other + "\"NodeNames\":[ \"b\" ,\"a\\u0020\"],\"Nodes\":null}");
    assertThat(text(answers.filter(names, new Decision.PassedThrough())))
        .isEqualTo("{\"Nodes\":null,\"NodeNames\":[ \"b\" ,\"a\\u0020\"]," + rest);
    ExtenderArgs nodes = args(other + "\"Nodes\":{\"items\":[{\"metadata\":{\"name\":\"é\"}}]}}");
    assertThat(text(answers.filter(nodes, new Decision.PassedThrough())))
        .isEqualTo(
            "{\"Nodes\":{\"items\":[{\"metadata\":{\"name\":\"é\"}}]},\"NodeNames\":null," + rest);
  }

  @Test
  void aRefusalStillHoldsANodeListAndAReasonForEachNode() {
    ExtenderArgs args = args("{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]}");
    assertThat(
            text(
                answers.filter(
                    args,
                    new Decision.Refused(
                        Decision.Cause.REQUIRED_LEVEL, "no room", Map.of("b", "unknown")))))
        .isEqualTo(
            "{\"Nodes\":null,\"NodeNames\":[],\"FailedNodes\":{\"a\":\"no room\",\"b\":\"unknown\"},"
                + "\"FailedAndUnresolvableNodes\":null,\"Error\":\"\"}");
  }

  @Test
  void wholeNodesComeBackAsTheyCame() {
    ExtenderArgs args =
        args(
            "{\"Pod\":"
                + POD
                + ",\"Nodes\":{\"items\":[{\"metadata\":{\"name\":\"a\",\"x\":1}},"
                + "{\"metadata\":{\"name\":\"b\"}}]}}");
    assertThat(text(answers.filter(args, new Decision.Chosen(List.of(choice("a")), Map.of()))))
        .isEqualTo(
            "{\"Nodes\":{\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"a\",\"x\":1}}]},"
                + "\"NodeNames\":null,\"FailedNodes\":{},\"FailedAndUnresolvableNodes\":null,"
                + "\"Error\":\"\"}");
  }

  @Test
  void aNodeWithLettersBeyondAsciiComesBackAsItCame() {
    ExtenderArgs args =
        args(
            "{\"Nodes\":{\"items\":[{\"metadata\":{\"labels\":{\"é\":\"漢\"},\"name\":\"a\"}},"
                + " {\"metadata\":{\"name\":\"b\",\"x\":\"ü\"} }]},\"Pod\":"
                + POD
                + "}");
    assertThat(text(answers.filter(args, new Decision.Chosen(List.of(choice("b")), Map.of()))))
        .contains("\"items\":[{\"metadata\":{\"name\":\"b\",\"x\":\"ü\"} }]");
  }

  @Test
  void prioritiesAreABareList() {
    List<String> nodes =
        args("{\"Pod\":" + POD + ",\"NodeNames\":[\"b\",\"\\u0022é\",\"a\"]}").nodeNames();
    for (List<String> any : List.of(nodes, List.copyOf(nodes))) {
      assertThat(text(answers.priorities(any, Map.of("a", 10, "b", 3))))
          .isEqualTo(
              "[{\"Host\":\"b\",\"Score\":3},{\"Host\":\"\\\"é\",\"Score\":0},"
                  + "{\"Host\":\"a\",\"Score\":10}]");
    }
  }

  @Test
  void anErrorIsTextWithNoNodeLeft() {
    assertThat(text(answers.error("what")))
        .isEqualTo(
            "{\"Nodes\":null,\"NodeNames\":[],\"FailedNodes\":null,"
                + "\"FailedAndUnresolvableNodes\":null,\"Error\":\"what\"}");
  }

  @Test
  void aTruncatedBodyIsRefusedAsNotJson() {
    String body = "{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]}";
    for (int length = 0; length < body.length(); length += 7) {
      assertThat(reason(body.substring(0, length))).contains("is not");
    }
  }

  @Test
  void wrongTypesAreRefusedWithTheKeyAndWhatIsAccepted() {
    assertThat(reason("[]")).contains("ExtenderArgs");
    assertThat(reason("{}")).contains("Pod is missing");
    assertThat(reason("{\"Pod\":7,\"NodeNames\":[]}")).contains("Pod is 7; accepted: a v1 Pod");
    assertThat(reason("{\"Pod\":" + POD + ",\"NodeNames\":\"a\"}"))
        .contains("NodeNames is \"a\"; accepted: a list of strings");
    assertThat(reason("{\"Pod\":" + POD + ",\"NodeNames\":[1]}")).contains("NodeNames[] is 1");
    assertThat(reason("{\"Pod\":" + POD + ",\"Nodes\":{\"items\":{}}}")).contains("Nodes.items");
    assertThat(reason("{\"Pod\":" + POD + ",\"Nodes\":{\"items\":[{}]}}"))
        .contains("Nodes.items[].metadata.name is missing");
    assertThat(
            reason("{\"Pod\":{\"metadata\":{\"name\":\"p\",\"annotations\":[]}},\"NodeNames\":[]}"))
        .contains("Pod.metadata.annotations is []");
    assertThat(
            reason(
                "{\"Pod\":{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"resources\":"
                    + "{\"limits\":{\"nvidia.com/gpu\":\"many\"}}}]}},\"NodeNames\":[]}"))
        .contains("accepted: a whole number");
  }

  @Test
  void bothNodeListsNullAreRefused() {
    assertThat(reason("{\"Pod\":" + POD + ",\"Nodes\":null,\"NodeNames\":null}"))
        .contains("both null");
  }

  @Test
  void aPodWithoutAnnotationsIsNoneOfOurs() {
    assertThat(args("{\"Pod\":{\"metadata\":{\"name\":\"p\"}},\"NodeNames\":[\"a\"]}").pod().ask())
        .isNull();
  }
}
