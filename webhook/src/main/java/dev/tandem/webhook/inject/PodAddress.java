package dev.tandem.webhook.inject;

/**
 * Gives vLLM its pod's address, first of the variables since {@code $(POD_IP)} resolves only to
 * those defined before, and as the address it shows to other nodes (vllm/envs.py VLLM_HOST_IP).
 */
final class PodAddress implements Rule {

  static final String POD_IP = "POD_IP";
  static final String REFERENCE = "$(POD_IP)";

  @Override
  public String name() {
    return "pod-address";
  }

  @Override
  public String condition() {
    return "POD_IP, VLLM_HOST_IP absent";
  }

  @Override
  public String reason() {
    return "with several interfaces vLLM may announce one that other pods cannot reach";
  }

  @Override
  public void apply(Draft draft) {
    for (Environment environment : draft.environments()) {
      if (!environment.has(POD_IP)) {
        environment.prependField(POD_IP, "status.podIP");
        draft.did(this, POD_IP + " from status.podIP");
      }
    }
    draft.variable(this, "VLLM_HOST_IP", REFERENCE);
  }
}
