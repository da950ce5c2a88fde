package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GoldenTest {

  static List<String> names() {
    return Golden.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aManifestIsInjectedAsItsGoldenFileShows(String name) throws IOException {
    String written = Golden.written(Golden.injected(Golden.input(name)));
    if (Golden.REFRESH) {
      Files.writeString(Golden.expected(name), written);
    }
    assertThat(written).isEqualTo(Files.readString(Golden.expected(name)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void injectingTheResultAgainChangesNothing(String name) throws IOException {
    String once = Golden.injected(Golden.input(name)).yaml();
    assertThat(Golden.injected(once).yaml()).isEqualTo(once);
  }

  @ParameterizedTest
  @MethodSource("names")
  void takingTheInjectionBackGivesTheOriginal(String name) throws IOException {
    // a marker that a user forged is not his to have back
    String original =
        Manifests.normalized(Golden.input(name))
            .lines()
            .filter(line -> !line.contains(Keys.INJECTED))
            .collect(Collectors.joining("\n"));
    String back = Manifests.uninject(Golden.injected(original).yaml()).yaml();
    assertThat(tree(back)).isEqualTo(tree(original));
  }

  /** Without the order of fields, which a patch does not keep. */
  private static List<JsonNode> tree(String yaml) throws IOException {
    try (MappingIterator<JsonNode> documents =
        new ObjectMapper(new YAMLFactory()).readerFor(JsonNode.class).readValues(yaml)) {
      return documents.readAll();
    }
  }

  @Test
  void thereAreEnoughPairsToMeanSomething() {
    assertThat(names()).hasSizeGreaterThanOrEqualTo(12);
  }
}
