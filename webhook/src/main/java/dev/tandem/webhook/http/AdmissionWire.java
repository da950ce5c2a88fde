package dev.tandem.webhook.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * The bytes of {@code AdmissionReview} {@code admission.k8s.io/v1} in and out. Any thread.
 *
 * <p>Source: kubernetes staging/src/k8s.io/api/admission/v1/types.go.
 */
final class AdmissionWire {

  static final String API_VERSION = "admission.k8s.io/v1";
  static final String KIND = "AdmissionReview";

  /** The API server may cut longer warnings; see the same types.go. */
  static final int WARNING_CHARACTERS = 120;

  /** The API server drops all that go beyond 4 KiB together. */
  static final int MOST_WARNINGS = 20;

  /** Far deeper than any pod; a parser's stack stays small. */
  private static final int DEEPEST_NESTING = 200;

  /**
   * Twice what a pod of 1.5 MiB, the most etcd takes, can hold; a tree of empty objects would take
   * twenty times its text.
   */
  private static final long MOST_TOKENS = 600_000;

  private static final int LONGEST_NUMBER = 100;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST_NESTING)
                          .maxTokenCount(MOST_TOKENS)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  // Half of a surrogate pair, which JSON can spell, has no form in UTF-8.
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private AdmissionWire() {}

  /** What the bytes hold. */
  sealed interface Incoming {

    /** A review with a request to answer. */
    record Review(AdmissionRequest request) implements Incoming {}

    /** No review; the message says what is wrong with it. */
    record Unreadable(String message) implements Incoming {}
  }

  static Incoming read(byte[] body) {
    JsonNode review;
    try {
      review = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return new Incoming.Unreadable("body is no JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException e) {
      return new Incoming.Unreadable("body has a number nobody can hold: " + e.getMessage());
    } catch (IOException e) {
      return new Incoming.Unreadable("body cannot be read: " + e.getMessage());
    }
    if (!review.path("apiVersion").asText().equals(API_VERSION)
        || !review.path("kind").asText().equals(KIND)) {
      return new Incoming.Unreadable(
          "body is \"%s %s\"; accepted is %s %s"
              .formatted(
                  review.path("apiVersion").asText(),
                  review.path("kind").asText(),
                  API_VERSION,
                  KIND));
    }
    JsonNode request = review.path("request");
    String uid = request.path("uid").asText("");
    if (uid.isEmpty()) {
      return new Incoming.Unreadable("request.uid is missing; accepted is the request's uid");
    }
    JsonNode kind = request.path("kind");
    boolean core = kind.path("group").asText("").isEmpty();
    return new Incoming.Review(
        new AdmissionRequest(
            uid,
            core ? kind.path("kind").asText("") : "",
            request.path("operation").asText(""),
            request.path("namespace").asText(""),
            request.path("object") instanceof ObjectNode object ? object : JSON.createObjectNode(),
            request.path("dryRun").asBoolean()));
  }

  /** The answer to a review. */
  static byte[] answer(String uid, Verdict verdict) {
    ObjectNode response = JSON.createObjectNode().put("uid", uid);
    switch (verdict) {
      case Verdict.Allowed allowed -> {
        response.put("allowed", true);
        if (!allowed.patch().isEmpty()) {
          response.put("patchType", "JSONPatch");
          // Written as base64, as bytes are in JSON.
          response.put("patch", bytes(allowed.patch()));
        }
      }
      case Verdict.Denied denied -> refuse(response, 422, "Invalid", denied.message());
    }
    if (!verdict.warnings().isEmpty()) {
      ArrayNode list = response.putArray("warnings");
      verdict.warnings().stream()
          .limit(MOST_WARNINGS)
          .map(AdmissionWire::shortened)
          .forEach(list::add);
    }
    ObjectNode audit = response.putObject("auditAnnotations");
    verdict.audit().forEach(audit::put);
    return review(response);
  }

  /** The answer to what was no review. */
  static byte[] refused(int code, String message) {
    ObjectNode response = JSON.createObjectNode().put("uid", "");
    refuse(response, code, "BadRequest", message);
    return review(response);
  }

  private static void refuse(ObjectNode response, int code, String reason, String message) {
    response
        .put("allowed", false)
        .putObject("status")
        .put("status", "Failure")
        .put("code", code)
        .put("reason", reason)
        .put("message", message);
  }

  private static String shortened(String warning) {
    return warning.codePointCount(0, warning.length()) <= WARNING_CHARACTERS
        ? warning
        : warning.substring(0, warning.offsetByCodePoints(0, WARNING_CHARACTERS - 3)) + "...";
  }

  private static byte[] review(ObjectNode response) {
    ObjectNode review = JSON.createObjectNode().put("apiVersion", API_VERSION).put("kind", KIND);
    review.set("response", response);
    return bytes(review);
  }

  private static byte[] bytes(JsonNode tree) {
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written: " + e.getMessage(), e);
    }
  }
}
