package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Role;
import dev.tandem.webhook.annotations.Connector;
import dev.tandem.webhook.annotations.Wishes;

/**
 * Tells engines how to exchange KV cache (vllm/config/kv_transfer.py). What the user wrote stays,
 * also a MultiConnector, whose order of connectors is a decision of its own.
 *
 * <p>A fixed {@code engine_id} goes to push alone: there the router side names the prefill engine
 * before it has spoken. With pull a restarted engine must come back under a new id, or decode
 * engines would go on reading the memory of the one that is gone (vllm-project/vllm#49238).
 */
final class KvTransferConfig implements Rule {

  static final String FLAG = "--kv-transfer-config";

  /** vLLM's own lease (docs/design/nixl_kv_cache_lease.md); stated, since draining waits for it. */
  static final int LEASE_SECONDS = 30;

  @Override
  public String name() {
    return "kv-transfer-config";
  }

  @Override
  public String condition() {
    return "prefill and decode pods; every role with lmcache or shared-storage; flag absent";
  }

  @Override
  public String reason() {
    return "without a connector each engine computes every prompt itself";
  }

  /** Whether this pod's engine exchanges KV cache. */
  static boolean wanted(Wishes wishes) {
    return wishes.splitsPrefillFromDecode() || wishes.connector().throughStore();
  }

  @Override
  public void apply(Draft draft) {
    Plan plan = draft.plan();
    if (!plan.completesArguments() || !wanted(plan.wishes())) {
      return;
    }
    CommandLine line = draft.commandLine();
    OwnTransfer own = OwnTransfer.of(line);
    if (own != null) {
      warnAbout(own, draft);
      return;
    }
    String json = json(plan).toString();
    if (plan.wishes().connector() == Connector.NIXL_PUSH) {
      ensurePodUid(draft);
    }
    line.append(FLAG, json);
    draft.did(this, FLAG + " " + json);
  }

  private static void warnAbout(OwnTransfer own, Draft draft) {
    Wishes wishes = draft.plan().wishes();
    if (own.connector().equals("MultiConnector")) {
      return;
    }
    if (wishes.connector() == Connector.NIXL && !own.nixl() && !own.connector().isEmpty()) {
      draft.warn(FLAG + " names no NIXL connector: the router's exchange may not work with it");
    }
    String other = wishes.role() == Role.PREFILL ? "kv_consumer" : "kv_producer";
    if (wishes.splitsPrefillFromDecode() && own.role().equals(other)) {
      draft.warn(FLAG + " says " + other + " on a pod of role " + wishes.role().label());
    }
  }

  private static ObjectNode json(Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Connector connector = plan.wishes().connector();
    json.put("kv_connector", connectorName(plan));
    json.put("kv_role", role(plan.wishes()));
    if (connector == Connector.NIXL_PUSH) {
      json.put("engine_id", "$(POD_UID)");
    }
    if (plan.has(VllmFeature.LOAD_FAILURE_POLICY) && !connector.throughStore()) {
      // the router's retries are built on it, and the default has changed before (#34896)
      json.put("kv_load_failure_policy", "fail");
    }
    if (connector.nixl() && plan.has(VllmFeature.KV_LEASE)) {
      json.putObject("kv_connector_extra_config").put("kv_lease_duration", LEASE_SECONDS);
    }
    if (connector == Connector.SHARED_STORAGE) {
      json.putObject("kv_connector_extra_config")
          .put("shared_storage_path", plan.wishes().storagePath());
    }
    return json;
  }

  /** As vLLM calls it. */
  static String connectorName(Plan plan) {
    return switch (plan.wishes().connector()) {
      case NIXL -> "NixlConnector";
      case NIXL_PUSH -> "NixlPushConnector";
      case MOONCAKE -> "MooncakeConnector";
      case LMCACHE -> "LMCacheConnectorV1";
      case SHARED_STORAGE ->
          plan.has(VllmFeature.EXAMPLE_CONNECTOR) ? "ExampleConnector" : "SharedStorageConnector";
    };
  }

  private static String role(Wishes wishes) {
    if (wishes.connector() == Connector.SHARED_STORAGE || !wishes.splitsPrefillFromDecode()) {
      return "kv_both";
    }
    return wishes.role() == Role.PREFILL ? "kv_producer" : "kv_consumer";
  }

  private static void ensurePodUid(Draft draft) {
    if (!draft.environment().has("POD_UID")) {
      draft.environment().prependField("POD_UID", "metadata.uid");
    }
  }
}
