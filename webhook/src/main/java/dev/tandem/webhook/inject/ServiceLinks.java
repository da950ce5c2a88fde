package dev.tandem.webhook.inject;

/**
 * Switches Service environment variables off: a Service named {@code vllm} would set {@code
 * VLLM_PORT=tcp://...}, on which vLLM aborts (vllm/envs.py get_vllm_port). The API default {@code
 * true} counts as unset; {@code keep: enableServiceLinks} says it is meant.
 */
final class ServiceLinks implements Rule {

  private static final String FIELD = "enableServiceLinks";

  @Override
  public String name() {
    return "service-links";
  }

  @Override
  public String condition() {
    return "enableServiceLinks not false; `keep: enableServiceLinks`";
  }

  @Override
  public String reason() {
    return "a Service named vllm sets VLLM_PORT=tcp://..., on which vLLM aborts";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.spec().path(FIELD).asBoolean(true) && !draft.plan().wishes().keep().contains(FIELD)) {
      draft.spec().put(FIELD, false);
      draft.did(this, FIELD + ": false");
    }
  }
}
