package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls a scheduler extender the way kube-scheduler does for one that is {@code nodeCacheCapable}:
 * POST, only node names, Go-cased keys, only status 200 counts, no retry (kubernetes
 * pkg/scheduler/extender.go). Blocking; one caller at a time is enough for a scheduling loop.
 */
final class ExtenderClient {

  /** kube-scheduler's DefaultExtenderTimeout. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final String base;

  ExtenderClient(URI base) {
    this.base = base.toString().replaceAll("/+$", "");
  }

  /** The answer to a filter call: who survived, and why the others did not. */
  record Filtered(Set<String> nodes, Map<String, String> failed) {
    Filtered {
      nodes = Set.copyOf(nodes);
      failed = Map.copyOf(failed);
    }
  }

  /**
   * Asks which of the nodes may take the pod.
   *
   * @throws IOException when the extender cannot be reached, does not answer 200 or reports an
   *     error
   */
  Filtered filter(Pod pod, List<String> nodes) throws IOException, InterruptedException {
    JsonNode answer = post("filter", arguments(pod, nodes));
    String error = answer.path("Error").asText("");
    if (!error.isEmpty()) {
      throw new IOException("extender refused to filter: " + error);
    }
    // Neither list means zero nodes survive: there is no "pass through" answer.
    Set<String> names = new LinkedHashSet<>();
    answer.path("NodeNames").forEach(name -> names.add(name.asText()));
    for (String name : names) {
      if (!nodes.contains(name)) {
        throw new IOException(
            "extender answered with node " + name + ", which it was not asked about");
      }
    }
    Map<String, String> failed = new HashMap<>();
    for (String key : List.of("FailedNodes", "FailedAndUnresolvableNodes")) {
      answer.path(key).properties().forEach(e -> failed.put(e.getKey(), e.getValue().asText()));
    }
    return new Filtered(names, failed);
  }

  /** Asks for scores of 0..10; a node the extender leaves out has none. */
  Map<String, Integer> prioritize(Pod pod, List<String> nodes)
      throws IOException, InterruptedException {
    Map<String, Integer> scores = new HashMap<>();
    for (JsonNode entry : post("prioritize", arguments(pod, nodes))) {
      scores.put(entry.path("Host").asText(), entry.path("Score").asInt());
    }
    return scores;
  }

  private ObjectNode arguments(Pod pod, List<String> nodes) throws IOException {
    ObjectNode arguments = json.createObjectNode();
    arguments.set("Pod", json.readTree(Serialization.asJson(pod)));
    arguments.putNull("Nodes");
    ArrayNode names = arguments.putArray("NodeNames");
    nodes.forEach(names::add);
    return arguments;
  }

  private JsonNode post(String verb, ObjectNode body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/" + verb))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (ConnectException e) { // which says nothing
      throw new IOException("no extender answers at " + base, e);
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          "extender answered " + response.statusCode() + " to " + verb + " at " + base);
    }
    return json.readTree(response.body());
  }
}
