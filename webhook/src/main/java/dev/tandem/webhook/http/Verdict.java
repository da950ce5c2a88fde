package dev.tandem.webhook.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a review comes to. Every verdict names its outcome, a metric label value. */
sealed interface Verdict {

  String outcome();

  /** For the person who applies the object, each at most 120 characters. */
  List<String> warnings();

  /** For the audit log; the API server puts our entry's name before each key. */
  default Map<String, String> audit() {
    return Map.of("outcome", outcome());
  }

  /** The object goes on, changed where the patch is not empty. */
  record Allowed(
      String outcome, ArrayNode patch, List<String> warnings, Map<String, String> details)
      implements Verdict {

    Allowed(String outcome, ArrayNode patch, List<String> warnings) {
      this(outcome, patch, warnings, Map.of());
    }

    static Allowed unchanged(String outcome, String... warnings) {
      return new Allowed(outcome, JsonNodeFactory.instance.arrayNode(), List.of(warnings));
    }

    @Override
    public Map<String, String> audit() {
      Map<String, String> all = new TreeMap<>(details);
      all.put("outcome", outcome);
      return all;
    }
  }

  /** The user has something to change. */
  record Denied(String outcome, String message, List<String> warnings) implements Verdict {}
}
