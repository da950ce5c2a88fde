package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The patches of the golden pairs, applied by a JSON patch implementation that is not ours. */
final class GoldenPatchTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Origin ORIGIN = new Origin("default", false);

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  static List<String> names() {
    return Golden.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePatchMakesTheInjectedPod(String name) throws Exception {
    for (ObjectNode pod : pods(name)) {
      if (injector.inject(pod, ORIGIN) instanceof InjectionResult.Injected injected) {
        assertThat(JsonPatch.apply(injected.patch(), pod)).isEqualTo(injected.pod());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePatchOnlyTouchesWhatARuleChanged(String name) throws IOException {
    for (ObjectNode pod : pods(name)) {
      if (injector.inject(pod, ORIGIN) instanceof InjectionResult.Injected injected) {
        assertThat(injected.patch())
            .extracting(operation -> operation.path("path").asText())
            .noneMatch(List.of("", "/metadata", "/spec", "/spec/containers")::contains);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSecondInjectionHasNothingToPatch(String name) throws IOException {
    for (ObjectNode pod : pods(name)) {
      if (injector.inject(pod, ORIGIN) instanceof InjectionResult.Injected injected
          && injector.inject(injected.pod(), ORIGIN) instanceof InjectionResult.Injected again) {
        assertThat(again.patch()).isEmpty();
      }
    }
  }

  private static List<ObjectNode> pods(String name) throws IOException {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(Golden.input(name))) {
      return documents.readAll().stream()
          .flatMap(document -> PodTemplates.objectsIn(document).stream())
          .flatMap(object -> PodTemplates.in(object).stream())
          .toList();
    }
  }
}
