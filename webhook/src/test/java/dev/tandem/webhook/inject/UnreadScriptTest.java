package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Keys;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UnreadScriptTest {

  private static final String SCRIPT = "for i in 1 2; do echo $i; done; eval \"vllm serve m\"";

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  @Test
  void withARouterItIsRefusedAndTheWayOutIsNamed() throws IOException {
    assertThat(injected(Map.of()))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains("cannot be added safely", Keys.ROUTER + ": none", Keys.PORT, Keys.MODEL);
  }

  @Test
  void withoutOneItsPortAndModelAreAskedForAtOnce() throws IOException {
    assertThat(injected(Map.of(Keys.ROUTER, "none")))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains(Keys.MODEL + ": \"\": the script", Keys.PORT + ": \"\": the script");
  }

  @Test
  void withBothItIsPlacedAndItsScriptStaysAsItIs() throws IOException {
    assertThat(injected(Map.of(Keys.ROUTER, "none", Keys.PORT, "8001", Keys.MODEL, "m")))
        .asInstanceOf(type(InjectionResult.Injected.class))
        .satisfies(
            injected ->
                assertThat(injected.pod().at("/spec/schedulerName").asText()).isEqualTo("tandem"),
            injected ->
                assertThat(engine(injected).path("args").path(0).asText()).isEqualTo(SCRIPT),
            injected -> assertThat(engine(injected).path("args")).hasSize(1),
            injected -> assertThat(RouterSidecar.presentIn(injected.pod())).isFalse(),
            injected ->
                assertThat(injected.pod().at("/metadata/annotations").path(Keys.PORT_DISCOVERY))
                    .asString()
                    .contains("8001"));
  }

  @Test
  void whatTheScriptHasToHoldIsSaid() throws IOException {
    assertThat(
            injected(
                Map.of(
                    Keys.ROUTER,
                    "none",
                    Keys.PORT,
                    "8001",
                    Keys.MODEL,
                    "m",
                    Keys.ROLE,
                    "prefill",
                    Keys.GROUP,
                    "g",
                    Keys.SPECULATIVE,
                    "{\"method\":\"ngram\",\"num_speculative_tokens\":3,\"prompt_lookup_max\":4}")))
        .asInstanceOf(type(InjectionResult.Injected.class))
        .satisfies(injected ->
            assertThat(injected.warnings())
                .anyMatch(warning -> warning.contains("--kv-transfer-config"))
                .anyMatch(warning -> warning.contains("speculative")));
  }

  @Test
  void portsNamedInAnotherAnnotationAreEndpoints() throws IOException {
    assertThat(
            injected(Map.of(Keys.ROUTER, "none", Keys.MODEL, "m", Keys.ACTIVE_PORTS, "8000,8001")))
        .asInstanceOf(type(InjectionResult.Injected.class))
        .satisfies(injected ->
            assertThat(injected.pod().at("/metadata/annotations").path(Keys.PORT_DISCOVERY))
                .asString()
                .contains("8000", "8001"));
  }

  private static JsonNode engine(InjectionResult.Injected injected) {
    return injected.pod().at("/spec/containers/0");
  }

  private InjectionResult injected(Map<String, String> annotations) throws IOException {
    ObjectNode pod =
        (ObjectNode)
            new ObjectMapper(new YAMLFactory())
                .readTree(
                    """
                    metadata: {labels: {%s: "true"}}
                    spec: {containers: [{name: vllm, image: vllm, command: [bash, -c]}]}
                    """
                        .formatted(Keys.INJECT));
    pod.withArray("/spec/containers/0/args").add(SCRIPT);
    annotations.forEach(pod.withObject("/metadata/annotations")::put);
    return injector.inject(pod, new Origin("default", false));
  }
}
