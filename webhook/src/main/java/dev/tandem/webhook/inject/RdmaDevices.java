package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.RdmaWish;

/**
 * RDMA devices and the right to lock memory, only where the pod asks: registering GPU memory with a
 * NIC fails under a low limit on locked memory, but the capability is one that baseline Pod
 * Security forbids. Transports are left to UCX: naming one ({@code UCX_TLS=tcp}) has cost others
 * two orders of magnitude (ome-projects/ome#837).
 */
final class RdmaDevices implements Rule {

  @Override
  public String name() {
    return "rdma-devices";
  }

  @Override
  public String condition() {
    return "annotation rdma";
  }

  @Override
  public String reason() {
    return "NIXL falls back to TCP without devices or the right to register memory";
  }

  @Override
  public void apply(Draft draft) {
    RdmaWish wish = draft.plan().wishes().rdma();
    wish.devices()
        .forEach((device, count) -> {
          for (String kind : new String[] {"requests", "limits"}) {
            ObjectNode list = objectIn(objectIn(draft.engine(), "resources"), kind);
            if (!list.has(device)) {
              list.put(device, Integer.toString(count));
              draft.did(this, "%s of %s: %d".formatted(kind, device, count));
            }
          }
        });
    if (wish.lockMemory() && !hasCapability(draft.engine())) {
      ObjectNode security = objectIn(draft.engine(), "securityContext");
      ArrayNode added =
          objectIn(security, "capabilities").path("add") instanceof ArrayNode present
              ? present
              : objectIn(security, "capabilities").putArray("add");
      added.add("IPC_LOCK");
      draft.did(this, "capability IPC_LOCK");
      draft.warn("IPC_LOCK: the namespace's Pod Security must be privileged");
    }
  }

  private static boolean hasCapability(JsonNode engine) {
    for (JsonNode added : engine.path("securityContext").path("capabilities").path("add")) {
      if (added.asText().equals("IPC_LOCK") || added.asText().equals("ALL")) {
        return true;
      }
    }
    return engine.path("securityContext").path("privileged").asBoolean();
  }

  private static ObjectNode objectIn(ObjectNode parent, String field) {
    return parent.path(field) instanceof ObjectNode present ? present : parent.putObject(field);
  }
}
