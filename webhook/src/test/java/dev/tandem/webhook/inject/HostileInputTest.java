package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What random pods brought to light. */
final class HostileInputTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  @Test
  void aContainersNameReachesNoTerminalAsItIs() throws IOException {
    ObjectNode pod = pod("\\u001b[2J", "[\"--model\", \"m\"]");
    pod.withObject("/spec/containers/0").put("ports", "none");
    assertThat(refusal(pod)).contains("spec.containers[\\u001b[2J].ports");
  }

  @Test
  void hundredsOfProblemsAreCountedAndTheFirstOnesShown() throws IOException {
    ObjectNode pod = pod("vllm", "[\"--model\", \"m\"]");
    pod.withObject("/metadata/annotations").put(Keys.KEEP, "nothing,".repeat(10_000));
    assertThat(refusal(pod)).endsWith("; and 9951 more").hasSizeLessThan(60_000);
  }

  @Test
  void aFlagWithoutItsValueIsNotGivenTheNextFlagsPlace() throws IOException {
    ObjectNode pod = pod("vllm", "[\"--model\", \"m\", \"--port\", \"--port=9000\"]");
    ObjectNode injected =
        ((InjectionResult.Injected) injector.inject(pod, new Origin("default", true))).pod();
    assertThat(injected.at("/spec/containers/0/args").toString()).contains("\"--port\",\"--port=");
  }

  @Test
  void aMarkerWithANumberNobodyCanHoldIsNoMarker() throws IOException {
    ObjectNode pod = pod("vllm", "[]");
    pod.withObject("/metadata/annotations")
        .put(Keys.INJECTED, "{\"version\":\"1\",\"undo\":[1E-999999999999]}");
    assertThat(Removal.undo(pod)).isInstanceOf(Removal.Result.Impossible.class);
  }

  private String refusal(ObjectNode pod) {
    return ((InjectionResult.Denied) injector.inject(pod, new Origin("default", true))).message();
  }

  private static ObjectNode pod(String container, String args) throws IOException {
    return (ObjectNode)
        JSON.readTree(
            """
            {"metadata": {"labels": {"%s": "true"}},
             "spec": {"containers": [{"name": "%s", "image": "vllm/vllm-openai:v0.26.0", "args": %s}]}}
            """
                .formatted(Keys.INJECT, container, args));
  }
}
