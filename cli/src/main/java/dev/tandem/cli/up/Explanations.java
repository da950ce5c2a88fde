package dev.tandem.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks the extender why a pod is where it is, as {@code GET /explain/NAMESPACE/POD}. Blocking. */
final class Explanations {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** An explanation for a person. */
  record Explanation(String reason, @Nullable String better) {}

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI extender;

  Explanations(URI extender) {
    this.extender = extender;
  }

  /**
   * Why the pod was sent to the node; where nothing is known of it, what the extender said instead.
   */
  Explanation of(String namespace, String pod, String node) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(extender.resolve("/explain/" + namespace + "/" + pod))
                  .timeout(PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        return new Explanation(
            "the extender does not know: " + response.statusCode() + " " + response.body().strip(),
            null);
      }
      return read(json.readTree(response.body()), node);
    } catch (IOException e) {
      return new Explanation("the extender did not answer: " + e, null);
    }
  }

  /**
   * The latest decision, which comes first; if the scheduler took another of the nodes it named,
   * that one's words.
   */
  private static Explanation read(JsonNode explained, String node) {
    JsonNode decisions = explained.path("decisions");
    if (decisions.isEmpty()) {
      return new Explanation("the extender has forgotten", null);
    }
    JsonNode last = decisions.get(0);
    String best = last.path("reason").asText("");
    for (JsonNode choice : last.path("best")) {
      if (choice.path("node").asText().equals(node) && !node.equals(last.path("node").asText())) {
        return new Explanation(
            choice.path("reason").asText(""), last.path("node").asText() + ": " + best);
      }
    }
    return new Explanation(best, null);
  }
}
