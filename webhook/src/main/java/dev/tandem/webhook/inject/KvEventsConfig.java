package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Lets vLLM tell the router which blocks it holds (vllm/config/kv_events.py). Loopback only: the
 * events carry prompts. An endpoint without a wildcard is dialled, so the router binds. The topic
 * is llm-d's convention. Every data-parallel rank adds itself to both ports, so the replays begin
 * behind the last rank's events.
 */
final class KvEventsConfig implements Rule {

  static final String FLAG = "--kv-events-config";

  @Override
  public String name() {
    return "kv-events-config";
  }

  @Override
  public String condition() {
    return "with a router, vLLM 0.9.0 or later, prefix caching on, flag absent";
  }

  @Override
  public String reason() {
    return "the router would have to guess which prompts an engine has cached";
  }

  @Override
  public void apply(Draft draft) {
    CommandLine line = draft.commandLine();
    if (!draft.plan().withRouter()
        || line.has(FLAG)
        || CachedPrefixes.off(line)
        || !draft.gate(VllmFeature.KV_EVENTS)) {
      return;
    }
    PortMap ports = draft.plan().ports();
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("enable_kv_cache_events", true)
            .put("publisher", "zmq")
            .put("endpoint", "tcp://127.0.0.1:" + ports.events())
            .put("replay_endpoint", "tcp://127.0.0.1:" + ports.replay())
            .put("topic", "kv@$(POD_IP)@" + draft.plan().model())
            .toString();
    line.append(FLAG, json);
    draft.did(this, FLAG + " " + json);
  }
}
