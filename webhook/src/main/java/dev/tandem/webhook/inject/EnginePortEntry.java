package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Renames vLLM's declared port to {@code engine} once the router has taken its name: a Service's
 * named {@code targetPort} finds regular containers first, so the name may not stay behind.
 */
final class EnginePortEntry implements Rule {

  private static final String PORT_NAME = "engine";

  @Override
  public String name() {
    return "engine-port-entry";
  }

  @Override
  public String condition() {
    return "with a router, mode takeover";
  }

  @Override
  public String reason() {
    return "a Service's named targetPort would find vLLM and not the router";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().withRouter() || !draft.plan().ports().moves()) {
      return;
    }
    PortMap ports = draft.plan().ports();
    ArrayNode entries = draft.engine().withArrayProperty("ports");
    boolean nameFree = true;
    for (JsonNode other : entries) {
      nameFree &= !other.path("name").asText().equals(PORT_NAME);
    }
    ObjectNode entry = declared(draft.engine(), ports.original());
    if (entry == null) {
      entry = entries.addObject();
    }
    entry.remove("name");
    if (nameFree) {
      entry.put("name", PORT_NAME);
    }
    entry.put("containerPort", ports.engine());
    if (!entry.has("protocol")) {
      entry.put("protocol", "TCP");
    }
    moveHostPort(entry, draft);
    draft.did(this, "declared port %d as %s".formatted(ports.engine(), PORT_NAME));
  }

  /** On the host's network a declared host port must equal the container's; else it is given up. */
  private static void moveHostPort(ObjectNode entry, Draft draft) {
    if (!entry.has("hostPort")) {
      return;
    }
    if (draft.spec().path("hostNetwork").asBoolean()) {
      entry.put("hostPort", draft.plan().ports().engine());
    } else {
      entry.remove("hostPort");
    }
  }

  /** The container's TCP entry for this port; null where it declares none. */
  static @Nullable ObjectNode declared(JsonNode container, int port) {
    for (JsonNode entry : container.path("ports")) {
      if (entry instanceof ObjectNode object
          && object.path("containerPort").asInt() == port
          && object.path("protocol").asText("TCP").equals("TCP")) {
        return object;
      }
    }
    return null;
  }
}
