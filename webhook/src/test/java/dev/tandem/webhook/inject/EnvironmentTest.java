package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {

  @Test
  void aValueMayReferToVariablesBeforeItAsTheKubeletReadsThem() throws IOException {
    Environment environment =
        environment("[{name: A, value: a}, {name: B, value: $(A)b}, {name: C, value: $(D)}]");
    assertThat(environment.value("B")).isEqualTo("ab");
    assertThat(environment.value("C")).isNull();
    assertThat(environment.resolve("$(B)-$(A)")).isEqualTo("ab-a");
    assertThat(environment.resolve("$(B)-$(D)")).isNull();
  }

  @Test
  void ofTwoVariablesWithOneNameTheLaterCounts() throws IOException {
    assertThat(environment("[{name: A, value: a}, {name: A, value: b}]").value("A")).isEqualTo("b");
    assertThat(
            environment("[{name: A, value: a}, {name: A, valueFrom: {fieldRef: {}}}]").value("A"))
        .isNull();
  }

  @Test
  void valuesThatDoubleWithEveryVariableAreNotFollowedForEver() throws IOException {
    StringBuilder env = new StringBuilder("[{name: A0, value: xxxxxxxx}");
    for (int i = 1; i < 60; i++) {
      env.append(", {name: A%d, value: $(A%d)$(A%d)}".formatted(i, i - 1, i - 1));
    }
    assertThat(environment(env + "]").value("A59")).isNull();
  }

  private static Environment environment(String env) throws IOException {
    return new Environment(
        (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree("{env: " + env + "}"));
  }
}
