package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.VllmVersion;

/**
 * What vLLM has learnt since a release. A flag or key is injected only where the version is known
 * to be new enough, because vLLM exits on one it does not know. Where only a date is known, the
 * first release that surely has it stands here: too late loses a convenience, too early a pod.
 */
enum VllmFeature {
  /** NixlConnector and LMCacheConnectorV1 in --kv-transfer-config (vllm-project/vllm#17751). */
  KV_TRANSFER("--kv-transfer-config", "0.9.0"),
  /** --kv-events-config with replay and topic (vllm-project/vllm#16750). */
  KV_EVENTS("--kv-events-config", "0.9.0"),
  /** Cached tokens in the usage of an answer (vllm-project/vllm#10135). */
  PROMPT_TOKENS_DETAILS("--enable-prompt-tokens-details", "0.9.0"),
  /** X-Request-Id in answers; in the arguments logged by 0.7.2 (vllm-project/vllm#13150). */
  REQUEST_ID_HEADERS("--enable-request-id-headers", "0.9.0"),
  /** --speculative-config as one JSON object. */
  SPECULATIVE_CONFIG("--speculative-config", "0.9.0"),
  /** The name sha256_cbor; 0.10.0 and 0.10.1 called it sha256_cbor_64bit (#20511, #23673). */
  SHA256_CBOR("--prefix-caching-hash-algo sha256_cbor", "0.11.0"),
  /** kv_connector MooncakeConnector. */
  MOONCAKE("MooncakeConnector", "0.14.0"),
  /** The key kv_load_failure_policy (vllm-project/vllm#32200 shows it in January 2026). */
  LOAD_FAILURE_POLICY("kv_load_failure_policy", "0.14.0"),
  /** SharedStorageConnector is called ExampleConnector (vllm-project/vllm#30201). */
  EXAMPLE_CONNECTOR("ExampleConnector", "0.14.0"),
  /** --shutdown-timeout (vllm-project/vllm#34730; llm-d/llm-d#927 names the release). */
  SHUTDOWN_TIMEOUT("--shutdown-timeout", "0.18.0"),
  /** Leases in place of VLLM_NIXL_ABORT_REQUEST_TIMEOUT (vllm-project/vllm#41383, May 2026). */
  KV_LEASE("kv_lease_duration", "0.22.0"),
  /** NixlPushConnector (vllm-project/vllm#35264; used with 0.27.1 in vllm-project/vllm#53095). */
  NIXL_PUSH("NixlPushConnector", "0.27.0");

  private final String label;
  private final VllmVersion since;

  VllmFeature(String label, String since) {
    this.label = label;
    this.since = VllmVersion.of(since);
  }

  /** The flag or key. */
  String label() {
    return label;
  }

  /** The first release that surely has it. */
  VllmVersion since() {
    return since;
  }
}
