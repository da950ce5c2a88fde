package dev.tandem.webhook.annotations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UnknownKeysTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "injct        | unknown label injct was ignored; did you mean inject?",
        "compatiblity | unknown label compatiblity was ignored; did you mean compatibility?",
        "kv-conector  | unknown label kv-conector was ignored; did you mean the annotation kv-connector?",
        "something    | unknown label something was ignored",
        "vllm-version | label vllm-version was ignored: it is read as an annotation",
        "group        | label group was ignored: it is read as an annotation",
      })
  void aLabelThatNobodyReadsIsToldWithWhatItMayHaveBeenMeantToBe(String label, String warning) {
    assertThat(UnknownKeys.warnings(map(), map(Keys.PREFIX + label))).containsExactly(warning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inject", "role", "pool", "compatibility"})
  void aLabelThatIsReadOrWrittenByUsIsNot(String label) {
    assertThat(UnknownKeys.warnings(map(), map(Keys.PREFIX + label))).isEmpty();
  }

  @Test
  void aGroupsLabelIsFineBesideItsAnnotation() {
    assertThat(UnknownKeys.warnings(map(Keys.GROUP), map(Keys.GROUP))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kv-conector | unknown annotation kv-conector was ignored; did you mean kv-connector?",
        "something   | unknown annotation something was ignored",
      })
  void soIsAnAnnotation(String annotation, String warning) {
    assertThat(UnknownKeys.warnings(map(Keys.PREFIX + annotation), map())).containsExactly(warning);
  }

  @Test
  void keysOfOthersAreTheirs() {
    ObjectNode others = map("app", "inference.networking.x-k8s.io/injct", Keys.PREFIX);
    assertThat(UnknownKeys.warnings(others, others)).isEmpty();
  }

  private static ObjectNode map(String... keys) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    for (String key : keys) {
      map.put(key, "x");
    }
    return map;
  }
}
