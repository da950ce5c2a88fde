package dev.tandem.webhook.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One of several engines in a pod, as an annotation names it: a launcher's children that sleep and
 * wake, or one engine a data-parallel rank. Each is an endpoint of its own for a picker; none gives
 * up its port.
 *
 * @param pool the inference pool it serves; null where only a port is known
 * @param number its port
 * @param attributes whatever else is said, such as its role
 */
record VirtualEndpoint(@Nullable String pool, int number, Map<String, String> attributes) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** More engines than a node has GPUs are a mistake; the bound keeps the reading cheap. */
  private static final int MOST = 64;

  private static final String FORM =
      "accepted is a JSON list such as [{\"inferencePool\":\"qwen\",\"number\":8007,"
          + "\"attributes\":{\"role\":\"decode\"}}] of at most "
          + MOST
          + " entries with different numbers";

  VirtualEndpoint {
    attributes = Map.copyOf(attributes);
  }

  /** Reads port-discovery, else llm-d's list of ports under its two keys; collects problems. */
  static List<VirtualEndpoint> read(JsonNode pod, List<Problem> problems) {
    JsonNode annotations = pod.path("metadata").path("annotations");
    if (annotations.path(Keys.PORT_DISCOVERY).isTextual()) {
      return discovery(annotations.path(Keys.PORT_DISCOVERY).textValue(), problems);
    }
    for (String key : List.of(Keys.ACTIVE_PORTS, Keys.LEGACY_ACTIVE_PORTS)) {
      if (annotations.path(key).isTextual()) {
        return ports(key, annotations.path(key).textValue(), problems);
      }
    }
    return List.of();
  }

  /** The HTTP servers of an engine that has one a data-parallel rank; none of any other engine. */
  static List<VirtualEndpoint> ofRanks(CommandLine line, int port, List<String> warnings) {
    if (!line.on("--data-parallel-multi-port-external-lb")) {
      return List.of();
    }
    int all = line.number(1, "--data-parallel-size", "-dp");
    int ranks = Math.clamp(line.number(all, "--data-parallel-size-local", "-dpl"), 1, MOST);
    warnings.add(
        "one HTTP server a data-parallel rank: announced as %d endpoints, no router"
            .formatted(ranks));
    return IntStream.range(0, ranks)
        .mapToObj(rank -> new VirtualEndpoint(null, port + rank, Map.of("rank", "" + rank)))
        .toList();
  }

  private static List<VirtualEndpoint> discovery(String text, List<Problem> problems) {
    List<VirtualEndpoint> endpoints = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    try {
      JsonNode list = JSON.readTree(text);
      boolean good = list.isArray() && list.size() <= MOST;
      for (JsonNode entry : list) {
        JsonNode number = entry.path("number");
        good &= entry.isObject() && number.isInt() && port(number.asInt());
        good &= numbers.add(number.asInt()) && entry.path("inferencePool").isTextual();
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute : entry.path("attributes").properties()) {
          good &= attribute.getValue().isTextual();
          attributes.put(attribute.getKey(), attribute.getValue().asText());
        }
        endpoints.add(
            new VirtualEndpoint(entry.path("inferencePool").asText(), number.asInt(), attributes));
      }
      if (good) {
        return endpoints;
      }
    } catch (JsonProcessingException e) {
      // falls through to the problem, which shows the text and the form
    }
    problems.add(new Problem(Keys.PORT_DISCOVERY, text, FORM));
    return List.of();
  }

  private static List<VirtualEndpoint> ports(String key, String text, List<Problem> problems) {
    List<VirtualEndpoint> endpoints = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String number = part.strip();
      boolean good = number.matches("[0-9]{1,5}") && endpoints.size() < MOST;
      if (!good || !port(Integer.parseInt(number)) || !numbers.add(Integer.parseInt(number))) {
        problems.add(
            new Problem(
                key, text, "accepted is a comma list of at most " + MOST + " different ports"));
        return List.of();
      }
      endpoints.add(new VirtualEndpoint(null, Integer.parseInt(number), Map.of()));
    }
    return endpoints;
  }

  private static boolean port(int number) {
    return number >= 1 && number <= 65_535;
  }
}
