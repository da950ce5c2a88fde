package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Points vLLM's own probes and hooks at the port it moved to, as numbers: a probe's port name is
 * looked up within its container, where the name is no longer.
 */
final class MovedProbes implements Rule {

  static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

  @Override
  public String name() {
    return "moved-probes";
  }

  @Override
  public String condition() {
    return "with a router, mode takeover, probes and hooks that ask the old port";
  }

  @Override
  public String reason() {
    return "the kubelet would ask the router in vLLM's name";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().withRouter() || !draft.plan().ports().moves()) {
      return;
    }
    for (String probe : PROBES) {
      move(draft, draft.engine().path(probe), probe);
    }
    for (String hook : List.of("postStart", "preStop")) {
      move(draft, draft.engine().path("lifecycle").path(hook), hook);
    }
  }

  private void move(Draft draft, JsonNode handler, String what) {
    for (String kind : List.of("httpGet", "tcpSocket")) {
      if (handler.path(kind) instanceof ObjectNode action && means(draft, action.path("port"))) {
        int port = draft.plan().ports().engine();
        action.put("port", port);
        draft.did(this, "%s asks port %d".formatted(what, port));
      }
    }
  }

  private static boolean means(Draft draft, JsonNode port) {
    int original = draft.plan().ports().original();
    if (port.asText().equals(Integer.toString(original))) {
      return true;
    }
    ObjectNode entry = EnginePortEntry.declared(draft.engine(), original);
    return port.isTextual()
        && entry != null
        && entry.path("name").asText().equals(port.textValue());
  }
}
