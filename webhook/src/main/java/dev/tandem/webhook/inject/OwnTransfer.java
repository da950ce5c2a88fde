package dev.tandem.webhook.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * What the user's own {@code --kv-transfer-config} says, as JSON or as dotted keys.
 *
 * @param connector the connector's name; empty where it cannot be read
 * @param role {@code kv_role}; empty where it cannot be read
 * @param leaseSeconds how long NIXL keeps what a decode engine has not fetched
 */
record OwnTransfer(String connector, String role, int leaseSeconds) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longer ones are a mistake; the grace period follows it. */
  private static final int MOST_LEASE_SECONDS = 600;

  /** Reads it; null where the command line has none. */
  static @Nullable OwnTransfer of(CommandLine line) {
    if (!line.has(KvTransferConfig.FLAG)) {
      return null;
    }
    JsonNode json = json(line.value(KvTransferConfig.FLAG));
    JsonNode lease = json.path("kv_connector_extra_config").path("kv_lease_duration");
    int dotted =
        line.number(
            KvTransferConfig.LEASE_SECONDS,
            KvTransferConfig.FLAG + ".kv-connector-extra-config.kv-lease-duration");
    return new OwnTransfer(
        text(json, line, "kv_connector"),
        text(json, line, "kv_role"),
        Math.clamp(lease.asInt(dotted), 0, MOST_LEASE_SECONDS));
  }

  private static String text(JsonNode json, CommandLine line, String key) {
    String dotted = line.value(KvTransferConfig.FLAG + "." + key.replace('_', '-'));
    return json.path(key).asText(dotted == null ? "" : dotted);
  }

  private static JsonNode json(@Nullable String text) {
    try {
      return JSON.readTree(text == null ? "" : text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  boolean nixl() {
    return connector.startsWith("Nixl");
  }
}
