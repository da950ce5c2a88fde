package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

final class YamlDocumentsTest {

  @Test
  void anAliasIsWhatItStandsFor() throws IOException {
    assertThat(one("a: &x {b: [1]}\nc: *x\nd: [*x]\n").toString())
        .isEqualTo("{\"a\":{\"b\":[1]},\"c\":{\"b\":[1]},\"d\":[{\"b\":[1]}]}");
  }

  @Test
  void ofMergedKeysThoseThatStandThereWin() throws IOException {
    assertThat(
            one("a: &x {b: 1, c: 2}\nd: &y {e: 3}\nf: {<<: [*x, *y], c: 4}\n").path("f").toString())
        .isEqualTo("{\"c\":4,\"b\":1,\"e\":3}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''       | ''",
        "0644     | 420",
        "0x1F     | 31",
        "0b101    | 5",
        "1_000    | 1000",
        "-7       | -7",
        "1.5      | 1.5",
        "yes      | true",
        "Off      | false",
        "1:30     | \"1:30\"",
        "2026-01-02 | \"2026-01-02\"",
        "!!str 1  | \"1\"",
        "'\"1\"'  | \"1\"",
        "99999999999 | 99999999999",
        "99999999999999999999 | 99999999999999999999",
      })
  void aScalarIsReadAsKubectlReadsIt(String text, String json) throws IOException {
    assertThat(one("a: " + text).path("a").toString()).isEqualTo(json.isEmpty() ? "null" : json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: [              | line 1, column 5",
        "a: 1,b: 2         | line 1, column 7",
        "a: 1;a: 2         | line 2, column 1: the key 'a' comes twice",
        "? [a];: b         | accepted as a key is text",
        "a: .nan           | that JSON cannot hold",
        "a: &x [*x]        | too large or too deep",
        "a: *x             | line 1, column 4",
        "<<: 1             | accepted after <<",
      })
  void whatIsNoManifestIsRefusedWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> YamlDocuments.read(text.replace(';', '\n')))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aliasesThatDoubleAndDoubleAreRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> YamlDocuments.read(bomb.toString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "no",
        "on",
        "y",
        "null",
        "~",
        "true",
        "",
        " ",
        "1e3",
        "12e03",
        "0x10",
        "1_000",
        "0o7",
        "0b11",
        "0644",
        "1:30",
        "1:30:00.5",
        "2026-01-02",
        "2026-01-02T03:04:05Z",
        ".inf",
        "-.INF",
        ".NaN",
        "=",
        "<<",
        "+1",
        ".5",
        "1.",
        "-",
        "1,000",
        "1.2.3",
        "v0.26.0",
        "7b",
        "100m",
        "a: b",
        "a #b",
        "- a",
        "? a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "[a",
        "{a",
        "|",
        ">",
        "a\nb",
        "a\n",
        "\na",
        " a\n b\n",
        "a\tb",
        "a\r\nb",
        "é",
        "\u0085",
        "a\u2028b",
        "\u0007",
        "\uFEFFa",
        "\uD83D\uDE00",
        "{\"a\": \"$(B)\"}",
        "#!/bin/sh\nset -e\nvllm serve m \\\n  --port 1\n"
      })
  void textStaysTextForEveryReader(String text) throws IOException {
    ObjectNode tree = (ObjectNode) one("a: 1");
    tree.put("a", text).put(text.isEmpty() ? "e" : text, text);
    String written = YamlDocuments.write(tree);
    assertThat(one(written)).as(written).isEqualTo(tree);
    Yaml other = new Yaml(new SafeConstructor(new LoaderOptions()));
    assertThat(other.<Object>load(written))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .as(written)
        .containsEntry("a", text);
  }

  @Test
  void jsonIsYamlToo() throws IOException {
    assertThat(one("{\n\t\"a\": [1,\n\t\t2]}").toString()).isEqualTo("{\"a\":[1,2]}");
  }

  private static JsonNode one(String text) throws IOException {
    return YamlDocuments.read(text).getFirst();
  }
}
