package dev.tandem.webhook.http;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Annotation;
import java.io.IOException;

/**
 * Jazzer, guided by coverage, writes the texts of which our own parsers make something: annotations,
 * the words of the command, a shell's script.
 */
final class ReviewFuzzTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final int LONGEST_TEXT = 300;
  private static final int MOST_WORDS = 12;

  private final ReviewPath path = new ReviewPath();

  @FuzzTest(maxDuration = "1m")
  void anyPodIsAnswered(FuzzedDataProvider data) throws IOException {
    path.check(JSON.writeValueAsBytes(review(data)), "a pod of Jazzer's");
  }

  @FuzzTest(maxDuration = "1m")
  void anyBytesAreAnswered(byte[] body) throws IOException {
    path.check(body, "bytes of Jazzer's");
  }

  private static ObjectNode review(FuzzedDataProvider data) {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", AdmissionWire.API_VERSION)
            .put("kind", AdmissionWire.KIND);
    ObjectNode request = review.putObject("request").put("uid", "u").put("operation", "CREATE");
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    ObjectNode pod = request.putObject("object");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.putObject("labels").put(Keys.INJECT, "true");
    ObjectNode annotations = metadata.putObject("annotations");
    for (Annotation annotation : Annotation.values()) {
      if (data.consumeProbabilityDouble() < 0.2) {
        annotations.put(annotation.key(), data.consumeString(LONGEST_TEXT));
      }
    }
    ObjectNode container = pod.putObject("spec").putArray("containers").addObject();
    container.put("name", "vllm").put("image", "vllm/vllm-openai:v0.26.0");
    if (data.consumeBoolean()) {
      container.putArray("command").add("sh").add("-c");
      container.putArray("args").add("vllm serve m " + data.consumeString(LONGEST_TEXT));
    } else {
      ArrayNode words = container.putArray("args").add("--model").add("m");
      for (int i = data.consumeInt(0, MOST_WORDS); i > 0; i--) {
        words.add(data.consumeString(LONGEST_TEXT / MOST_WORDS));
      }
    }
    return review;
  }
}
