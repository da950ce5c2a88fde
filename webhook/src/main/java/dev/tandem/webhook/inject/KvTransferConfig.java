package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tandem.api.Role;

/**
 * Tells prefill and decode engines to exchange KV cache over NIXL (vllm/config/kv_transfer.py).
 * {@code fail} is stated because it is the behaviour the router's retries are built on, and the
 * default has changed before.
 */
final class KvTransferConfig implements Rule {

  private static final String FLAG = "--kv-transfer-config";

  @Override
  public String name() {
    return "kv-transfer-config";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().wishes().splitsPrefillFromDecode()) {
      return;
    }
    if (draft.commandLine().has(FLAG)) {
      if (draft.commandLine().words().stream().noneMatch(word -> word.contains("Nixl"))) {
        draft.warn(FLAG + " names no NIXL connector: the router's exchange may not work with it");
      }
      return;
    }
    Role role = draft.plan().wishes().role();
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("kv_connector", "NixlConnector")
            .put("kv_role", role == Role.PREFILL ? "kv_producer" : "kv_consumer")
            .put("kv_load_failure_policy", "fail")
            .toString();
    draft.commandLine().append(FLAG, json);
    draft.did(this, FLAG + " " + json);
  }
}
