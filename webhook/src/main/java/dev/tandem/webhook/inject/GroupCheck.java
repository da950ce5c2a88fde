package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at the injected pods of one file together, which the webhook, that sees one pod at a time,
 * cannot: whether the engines of a group would pair. One thread.
 */
final class GroupCheck {

  /** By namespace and group: by compatibility label, the objects whose pods have it. */
  private final Map<String, Map<String, List<String>>> groups = new TreeMap<>();

  void add(String object, String namespace, JsonNode pod) {
    JsonNode labels = pod.path("metadata").path("labels");
    if (labels.has(Keys.COMPATIBILITY)) {
      groups
          .computeIfAbsent(namespace + "/" + labels.path(Keys.GROUP).asText(), g -> new TreeMap<>())
          .computeIfAbsent(labels.path(Keys.COMPATIBILITY).asText(), c -> new ArrayList<>())
          .add(object);
    }
  }

  /** One text a group whose engines would not exchange KV cache. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    groups.forEach((group, engines) -> {
      if (engines.size() > 1) {
        notes.add(
            ("group %s: %s differ in vLLM's version, model as written, dtype, cache dtype, attention"
                    + " backend, connector or speculation: NIXL refuses such a pair")
                .formatted(
                    group,
                    String.join(
                        " and ",
                        engines.values().stream().map(o -> String.join(", ", o)).toList())));
      }
    });
    return notes;
  }
}
