package dev.tandem.standin.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;

/** Reads request bodies. Safe for use from any thread. */
final class Json {
  /** Deep nesting has no use in a request; strings are bounded by the body. */
  private static final int MOST_NESTING = 200;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_NESTING)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  static ObjectNode object(byte[] body) throws RequestError {
    try {
      JsonNode read = MAPPER.readTree(body);
      if (read instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new RequestError(
          400, "Bad Request", "JSON decode error: " + e.getOriginalMessage(), "body");
    } catch (IOException e) {
      throw new RequestError(400, "Bad Request", "JSON decode error: " + e.getMessage(), "body");
    }
    throw new RequestError(
        400, "Bad Request", "Input should be a valid dictionary: the body is no object", "body");
  }

  /** A JSON string literal. */
  static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
