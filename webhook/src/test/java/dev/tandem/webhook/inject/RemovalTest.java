package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Keys;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RemovalTest {

  private static final String POD =
      """
      metadata: {name: p, labels: {%s: 'true'}}
      spec:
        containers:
          - name: vllm
            image: vllm/vllm-openai:v0.26.0
            args: [--model, m]
            env: [{name: A, value: b}]
      """
          .formatted(Keys.INJECT);

  private ObjectNode before = read(POD);
  private ObjectNode injected = before;

  private static ObjectNode read(String yaml) {
    try {
      return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void inject() {
    before = read(POD);
    InjectionResult result =
        new Injector(InjectionConfig.DEFAULT).inject(before, new Origin("default", false));
    injected = ((InjectionResult.Injected) result).pod();
  }

  @Test
  void whatStandsBehindOursStaysInPlace() {
    ((ArrayNode) injected.at("/spec/containers")).addObject().put("name", "late");
    injected.withObject("/spec").put("nodeName", "n");
    assertThat(Removal.undo(injected))
        .isInstanceOfSatisfying(
            Removal.Result.Restored.class,
            restored -> {
              assertThat(restored.pod().at("/spec/containers/1/name").asText()).isEqualTo("late");
              assertThat(restored.pod().at("/spec/containers/0"))
                  .isEqualTo(before.at("/spec/containers/0"));
            });
  }

  @Test
  void aContainerPutInFrontSinceIsNotTakenForOurs() {
    ((ArrayNode) injected.at("/spec/containers")).insertObject(0).put("name", "early");
    assertImpossible();
  }

  @Test
  void aVariablePutInFrontSinceIsNotTakenForOurs() {
    ((ArrayNode) injected.at("/spec/containers/0/env")).insertObject(0).put("name", "EARLY");
    assertImpossible();
  }

  @Test
  void anArgumentPutInBetweenSinceIsNotTakenForOurs() {
    ((ArrayNode) injected.at("/spec/containers/0/args")).insert(2, "--seed=1");
    assertImpossible();
  }

  @Test
  void aVolumeThatWasAddedSinceIsNotLost() {
    ((ArrayNode) injected.at("/spec/volumes")).addObject().put("name", "late");
    assertImpossible();
  }

  @Test
  void aFieldThatWasSetSinceIsNotLost() {
    ObjectNode annotations = injected.withObject("/metadata/annotations");
    annotations.put(
        Keys.INJECTED, "{\"undo\":[[\"/metadata/annotations\",[\"note\",null,\"mine\"]]]}");
    annotations.put("note", "theirs");
    injected.withObject("/spec").remove("initContainers");
    assertImpossible();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{\"op\":\"x\"}",
        "{\"op\":\"remove\",\"path\":\"/spec\"}",
        "[\"/spec\"]",
        "[\"/spec\",\"containers\"]",
        "[\"/spec\",[\"containers\"]]",
        "[\"/spec\",[\"containers\",null]]",
        "[\"/spec\",[\"containers\",[],1]]",
        "[\"/spec\",[\"containers/0\",\"vllm\"]]",
        "[\"/spec\",{\"a\":1,\"b\":2}]",
        "[\"\",[{},\"x\"]]",
        "[1,[\"containers\",\"[1]\"]]",
        "[\"spec\",[\"containers\",\"[1]\"]]",
        "[\"/spec\",[\"containers\",\"[9]\"]]"
      })
  void aMarkerThatIsNotOursIsRefused(String place) {
    injected
        .withObject("/metadata/annotations")
        .put(Keys.INJECTED, "{\"undo\":[%s]}".formatted(place));
    injected.withObject("/spec").remove("initContainers");
    assertImpossible();
  }

  private void assertImpossible() {
    assertThat(Removal.undo(injected)).isInstanceOf(Removal.Result.Impossible.class);
  }
}
