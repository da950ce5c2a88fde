package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

final class JsonPatchTest {

  @Test
  void equalTreesNeedNoPatch() throws Exception {
    assertThat(patch("{'a':[1,{'b':2}]}", "{'a':[1,{'b':2}]}")).isEqualTo("[]");
  }

  @Test
  void anInsertionAtTheFrontIsOneAdd() throws Exception {
    assertThat(patch("[{'name':'a'},{'name':'b'}]", "[{'name':'z'},{'name':'a'},{'name':'b'}]"))
        .isEqualTo("[{'op':'add','path':'/0','value':{'name':'z'}}]");
  }

  @Test
  void namedElementsAreChangedInPlace() throws Exception {
    assertThat(
            patch(
                "[{'name':'a','v':1},{'name':'b','v':1}]",
                "[{'name':'x'},{'name':'a','v':2},{'name':'b','v':1}]"))
        .isEqualTo(
            "[{'op':'add','path':'/0','value':{'name':'x'}},"
                + "{'op':'replace','path':'/1/v','value':2}]");
  }

  @Test
  void slashesAndTildesInKeysAreEscaped() throws Exception {
    assertThat(patch("{}", "{'a/b~c':1}")).isEqualTo("[{'op':'add','path':'/a~1b~0c','value':1}]");
  }

  @Test
  void removedElementsAreCountedAsTheyGo() throws Exception {
    assertThat(patch("[1,2,3,4]", "[1,4]"))
        .isEqualTo("[{'op':'remove','path':'/1'},{'op':'remove','path':'/1'}]");
  }

  @Test
  void anotherTypeIsReplaced() throws Exception {
    assertThat(patch("{'a':null}", "{'a':{'b':1}}"))
        .isEqualTo("[{'op':'replace','path':'/a','value':{'b':1}}]");
  }

  private static String patch(String before, String after) throws JsonProcessingException {
    return JsonPatch.between(tree(before), tree(after)).toString().replace('"', '\'');
  }

  private static JsonNode tree(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
