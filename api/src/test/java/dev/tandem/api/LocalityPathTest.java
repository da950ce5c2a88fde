package dev.tandem.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalityPathTest {

  private static final String EXAMPLE =
      "zone=z1@3.1/tcp,core=c0@12.5/rdma,spine=s1@25/rdma,leaf=l7@50/rdma,nvlink=n3@450/mnnvl,"
          + "node=gpu-0117@50/pcie";

  @Test
  void theDocumentedExampleIsReadAndWrittenUnchanged() {
    assertThat(valid(EXAMPLE)).hasToString(EXAMPLE);
    assertThat(valid(EXAMPLE).steps()).hasSize(6);
  }

  @Test
  void anUnknownLevelIsKept() {
    assertThat(valid("rail=r1@50/rdma").steps().getFirst().level()).isEqualTo("rail");
  }

  @Test
  void sharedLevelsAreThoseWithEqualValuesAtTheSlowerBandwidth() {
    LocalityPath other = valid("zone=z1@2/tcp,leaf=l8@50/rdma,nvlink=n3@900/mnnvl");

    assertThat(valid(EXAMPLE).sharedWith(other))
        .extracting(LocalityPath.Step::toString)
        .containsExactly("zone=z1@2/tcp", "nvlink=n3@450/mnnvl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "node",
        "node=a",
        "node=a@1",
        "node=a@1/carrier-pigeon",
        "node=@1/tcp",
        "node=a@0/tcp",
        "node=a@-1/tcp",
        "node=a@1e999/tcp",
        "node=a@NaN/tcp",
        "node=a b@1/tcp",
        "node=a%2@1/tcp",
        "node=a%zz@1/tcp",
        "NODE=a@1/tcp",
        "node=a@1/tcp,node=b@1/tcp",
        "node=a@9999999/tcp"
      })
  void valuesOutsideTheGrammarAreInvalidWithAReason(String value) {
    assertThat(LocalityPath.parse(value))
        .isInstanceOfSatisfying(
            LocalityPath.Invalid.class, invalid -> assertThat(invalid.reason()).isNotBlank());
  }

  @Test
  void aValueOverOneKibibyteIsInvalid() {
    assertThat(LocalityPath.parse("node=" + "a".repeat(1100) + "@1/tcp"))
        .isInstanceOf(LocalityPath.Invalid.class);
    assertThatThrownBy(() ->
            new LocalityPath(
                List.of(new LocalityPath.Step("node", "é".repeat(300), 1, Transport.TCP))))
        .hasMessageContaining("at most 1024");
  }

  @Test
  void everyPathIsReadBackAsItWasWritten() {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      LocalityPath path = randomPath(random);
      assertThat(valid(path.toString())).as("seed %d round %d", seed, round).isEqualTo(path);
    }
  }

  @Test
  void noTextMakesTheParserThrow() {
    long seed = 7;
    Random random = new Random(seed);
    String alphabet = "abz09=@/,%.-_AF é\u0000\"";
    for (int round = 0; round < 50_000; round++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? EXAMPLE : "");
      for (int edits = random.nextInt(12); edits > 0; edits--) {
        int at = text.isEmpty() ? 0 : random.nextInt(text.length());
        text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
      }
      LocalityPath.Parsed parsed = LocalityPath.parse(text.toString());
      if (parsed instanceof LocalityPath.Valid(LocalityPath path)) {
        assertThat(valid(path.toString()))
            .as("seed %d round %d: %s", seed, round, text)
            .isEqualTo(path);
      }
    }
  }

  private static LocalityPath randomPath(Random random) {
    String characters = "abcXYZ019._-%@/,= é漢";
    List<LocalityPath.Step> steps = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      StringBuilder value = new StringBuilder();
      for (int length = 1 + random.nextInt(12); length > 0; length--) {
        value.append(characters.charAt(random.nextInt(characters.length())));
      }
      steps.add(
          new LocalityPath.Step(
              "level-" + i,
              value.toString(),
              (1 + random.nextInt(1_000_000)) / 1000.0,
              Transport.values()[random.nextInt(Transport.values().length)]));
    }
    return new LocalityPath(steps);
  }

  private static LocalityPath valid(String value) {
    return switch (LocalityPath.parse(value)) {
      case LocalityPath.Valid(LocalityPath path) -> path;
      case LocalityPath.Invalid(String reason) -> throw new AssertionError(value + ": " + reason);
    };
  }
}
