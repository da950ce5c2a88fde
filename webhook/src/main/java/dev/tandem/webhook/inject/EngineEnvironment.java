package dev.tandem.webhook.inject;

import dev.tandem.api.Ports;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables a vLLM that talks to other pods needs (vllm/envs.py).
 *
 * <ul>
 *   <li>{@code VLLM_NIXL_SIDE_CHANNEL_HOST} is both the bind address and the one advertised to
 *       decode pods; its default {@code localhost} makes them dial themselves.
 *   <li>{@code VLLM_HOST_IP}: the same, where a pod has several interfaces.
 *   <li>{@code PYTHONHASHSEED}: equal block hashes on every pod, also in images older than vLLM's
 *       own fixed seed.
 * </ul>
 *
 * {@code $(POD_IP)} resolves only to variables defined before, hence {@code POD_IP} first.
 */
final class EngineEnvironment implements Rule {

  private static final String POD_IP = "POD_IP";

  @Override
  public String name() {
    return "engine-environment";
  }

  @Override
  public void apply(Draft draft) {
    Environment environment = draft.environment();
    if (!environment.has(POD_IP)) {
      environment.prependField(POD_IP, "status.podIP");
      draft.did(this, POD_IP + " from status.podIP");
    }
    Map<String, String> values = new LinkedHashMap<>();
    values.put("VLLM_NIXL_SIDE_CHANNEL_HOST", "$(POD_IP)");
    values.put("VLLM_NIXL_SIDE_CHANNEL_PORT", Integer.toString(Ports.NIXL_SIDE_CHANNEL));
    values.put("VLLM_HOST_IP", "$(POD_IP)");
    values.put("PYTHONHASHSEED", "0");
    values.forEach((name, value) -> {
      if (!environment.has(name)) {
        environment.append(name, value);
        draft.did(this, name + "=" + value);
      }
    });
  }
}
