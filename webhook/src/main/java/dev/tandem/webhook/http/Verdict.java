package dev.tandem.webhook.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** What a review comes to. Every verdict names its outcome, a metric label value. */
sealed interface Verdict {

  String outcome();

  /** The object goes on, changed where the patch is not empty. */
  record Allowed(String outcome, ArrayNode patch, List<String> warnings) implements Verdict {

    static Allowed unchanged(String outcome, String... warnings) {
      return new Allowed(outcome, JsonNodeFactory.instance.arrayNode(), List.of(warnings));
    }
  }

  /** The user has something to change. */
  record Denied(String outcome, String message) implements Verdict {}
}
