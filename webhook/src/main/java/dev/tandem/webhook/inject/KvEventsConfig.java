package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tandem.api.Ports;

/**
 * Lets vLLM tell the router which blocks it holds (vllm/config/kv_events.py). Loopback only: the
 * events carry prompts. An endpoint without a wildcard is dialled, so the router binds. The topic
 * is llm-d's convention. Left out where prefix caching is off, as there is nothing to tell.
 */
final class KvEventsConfig implements Rule {

  static final String FLAG = "--kv-events-config";

  @Override
  public String name() {
    return "kv-events-config";
  }

  @Override
  public void apply(Draft draft) {
    CommandLine line = draft.commandLine();
    boolean cachingOff = line.words().contains("--no-enable-prefix-caching");
    if (!draft.plan().withRouter() || line.has(FLAG) || cachingOff) {
      return;
    }
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("enable_kv_cache_events", true)
            .put("publisher", "zmq")
            .put("endpoint", "tcp://127.0.0.1:" + Ports.EVENTS)
            .put("replay_endpoint", "tcp://127.0.0.1:" + Ports.EVENTS_REPLAY)
            .put("topic", "kv@$(POD_IP)@" + draft.plan().model())
            .toString();
    line.append(FLAG, json);
    draft.did(this, FLAG + " " + json);
  }
}
