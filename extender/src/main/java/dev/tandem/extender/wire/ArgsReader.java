package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.extender.decide.PodFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ExtenderArgs} as Go would: field names in any case, the unused one of {@code Nodes}
 * and {@code NodeNames} null or absent. Never throws, whatever the body. Immutable.
 *
 * <p>Source: kubernetes/kube-scheduler extender/v1/types.go, which carries no JSON tags.
 */
public final class ArgsReader {
  private final ObjectMapper json = new ObjectMapper();
  private final PodReader pods;

  public ArgsReader(String gpuResource) {
    this.pods = new PodReader(gpuResource);
  }

  /** Parses a body. */
  public ExtenderArgs.Parsed read(byte[] body) {
    JsonNode root;
    try {
      root = json.readTree(body);
    } catch (JsonProcessingException e) {
      return new ExtenderArgs.Invalid(
          "body of "
              + body.length
              + " bytes is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      return new ExtenderArgs.Invalid("body cannot be read: " + e.getMessage());
    }
    if (root == null || !root.isObject()) {
      return new ExtenderArgs.Invalid("body is not a JSON object of ExtenderArgs");
    }
    try {
      return new ExtenderArgs.Valid(args(root));
    } catch (WrongShape e) {
      return new ExtenderArgs.Invalid(String.valueOf(e.getMessage()));
    }
  }

  private ExtenderArgs args(JsonNode root) throws WrongShape {
    JsonNode pod = field(root, "Pod");
    if (pod == null) {
      throw new WrongShape("Pod is missing; accepted: a v1 Pod");
    }
    PodFacts facts = pods.read(pod);
    JsonNode names = field(root, "NodeNames");
    if (names != null) {
      return new ExtenderArgs(facts, names(names), Map.of(), true);
    }
    JsonNode nodes = field(root, "Nodes");
    if (nodes == null) {
      throw new WrongShape("Nodes and NodeNames are both null; accepted: one of them");
    }
    JsonNode items = field(nodes, "items");
    Map<String, JsonNode> byName = new LinkedHashMap<>();
    if (items != null) {
      if (!items.isArray()) {
        throw WrongShape.of("Nodes.items", items, "a list of v1 Nodes");
      }
      for (JsonNode item : items) {
        JsonNode name = item.path("metadata").path("name");
        if (!name.isTextual()) {
          throw WrongShape.of("Nodes.items[].metadata.name", name, "a string");
        }
        byName.put(name.textValue(), item);
      }
    }
    return new ExtenderArgs(facts, List.copyOf(byName.keySet()), byName, false);
  }

  private static List<String> names(JsonNode names) throws WrongShape {
    if (!names.isArray()) {
      throw WrongShape.of("NodeNames", names, "a list of strings");
    }
    List<String> list = new ArrayList<>(names.size());
    for (JsonNode name : names) {
      if (!name.isTextual()) {
        throw WrongShape.of("NodeNames[]", name, "a string");
      }
      list.add(name.textValue());
    }
    return list;
  }

  /** The field with this name in any case; null where absent or null. */
  private static @Nullable JsonNode field(JsonNode object, String name) {
    JsonNode exact = object.get(name);
    if (exact != null) {
      return exact.isNull() ? null : exact;
    }
    String wanted = name.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getKey().toLowerCase(Locale.ROOT).equals(wanted)) {
        return field.getValue().isNull() ? null : field.getValue();
      }
    }
    return null;
  }
}
