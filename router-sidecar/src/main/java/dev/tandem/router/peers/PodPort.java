package dev.tandem.router.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An engine's port as a pod's annotations name it. Immutable.
 *
 * @param pool the inference pool it serves, or null where only ports are known
 * @param number the port
 * @param attributes what else is said of the engine there, such as its {@code role}
 */
record PodPort(@Nullable String pool, int number, Map<String, String> attributes) {

  private static final JsonMapper JSON = new JsonMapper();

  /** As many as the webhook accepts. */
  private static final int MOST = 64;

  PodPort {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Reads {@link Keys#PORT_DISCOVERY}, else llm-d's list of ports under its two keys. An entry that
   * is no port is passed over: the webhook refuses it, and pods may be made without.
   */
  static List<PodPort> read(JsonNode annotations) {
    if (annotations.path(Keys.PORT_DISCOVERY).isTextual()) {
      return discovery(annotations.path(Keys.PORT_DISCOVERY).textValue());
    }
    for (String key : List.of(Keys.ACTIVE_PORTS, Keys.LEGACY_ACTIVE_PORTS)) {
      if (annotations.path(key).isTextual()) {
        return numbers(annotations.path(key).textValue());
      }
    }
    return List.of();
  }

  @Nullable String attribute(String name, @Nullable String otherwise) {
    String value = attributes.get(name);
    return value == null ? otherwise : value;
  }

  boolean serves(String poolName) {
    return pool == null || pool.equals(poolName);
  }

  private static List<PodPort> discovery(String text) {
    List<PodPort> ports = new ArrayList<>();
    try {
      for (JsonNode entry : JSON.readTree(text)) {
        Map<String, String> attributes = new TreeMap<>();
        entry
            .path("attributes")
            .properties()
            .forEach(
                attribute -> attributes.put(attribute.getKey(), attribute.getValue().asText()));
        JsonNode pool = entry.path("inferencePool");
        add(
            ports,
            new PodPort(
                pool.isTextual() ? pool.textValue() : null,
                entry.path("number").asInt(),
                attributes));
      }
    } catch (JsonProcessingException e) {
      return List.of();
    }
    return ports;
  }

  private static List<PodPort> numbers(String text) {
    List<PodPort> ports = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String number = part.strip();
      if (number.matches("[0-9]{1,5}")) {
        add(ports, new PodPort(null, Integer.parseInt(number), Map.of()));
      }
    }
    return ports;
  }

  private static void add(List<PodPort> ports, PodPort port) {
    boolean usable = port.number >= 1 && port.number <= 65_535 && ports.size() < MOST;
    if (usable && ports.stream().noneMatch(known -> known.number == port.number)) {
      ports.add(port);
    }
  }
}
