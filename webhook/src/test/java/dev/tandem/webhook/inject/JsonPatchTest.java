package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  @Test
  void aMapOfAPodThatChangesInSeveralPlacesIsReplacedWhole() throws Exception {
    assertThat(
            podPatch(
                "{'metadata':{'name':'p','labels':{'a':'1'}},'spec':{'x':1}}",
                "{'metadata':{'name':'p','labels':{'b':'1','c':'1'}},'spec':{'x':1,'y':2,'z':3}}"))
        .isEqualTo(
            "[{'op':'replace','path':'/metadata/labels','value':{'b':'1','c':'1'}},"
                + "{'op':'add','path':'/spec/y','value':2},{'op':'add','path':'/spec/z','value':3}]");
  }

  @Test
  void aMapOfAPodThatChangesInTwoPlacesIsNot() throws Exception {
    assertThat(podPatch("{'metadata':{'labels':{'a':'1'}}}", "{'metadata':{'labels':{'b':'1'}}}"))
        .isEqualTo(
            "[{'op':'remove','path':'/metadata/labels/a'},"
                + "{'op':'add','path':'/metadata/labels/b','value':'1'}]");
  }

  @Test
  void aLargeContainerIsNotSentBackWhole() throws Exception {
    String large = "x".repeat(10_000);
    assertThat(
            podPatch(
                "{'spec':{'containers':[{'name':'vllm','args':['" + large + "']}]}}",
                "{'spec':{'containers':[{'name':'vllm','args':['"
                    + large
                    + "'],'env':[],'ports':[],'lifecycle':{}}]}}"))
        .hasSizeLessThan(300);
  }

  private static String podPatch(String before, String after) throws JsonProcessingException {
    return JsonPatch.betweenPods((ObjectNode) tree(before), (ObjectNode) tree(after))
        .toString()
        .replace('"', '\'');
  }

  private static String patch(String before, String after) throws JsonProcessingException {
    return JsonPatch.between(tree(before), tree(after)).toString().replace('"', '\'');
  }

  private static JsonNode tree(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
