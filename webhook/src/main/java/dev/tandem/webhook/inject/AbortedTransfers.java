package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.Connector;

/**
 * Frees what a prefill engine keeps for a decode engine that never came after two minutes instead
 * of eight. Newer releases have leases with heartbeats in its place and do not read the variable.
 */
final class AbortedTransfers implements Rule {

  @Override
  public String name() {
    return "aborted-transfers";
  }

  @Override
  public String condition() {
    return "prefill over nixl, vLLM known and before 0.22.0, variable absent";
  }

  @Override
  public String reason() {
    return "the cache of aborted requests would fill a prefill engine for 480 s each";
  }

  @Override
  public void apply(Draft draft) {
    Plan plan = draft.plan();
    if (plan.prefills()
        && plan.wishes().connector() == Connector.NIXL
        && plan.vllm() != null
        && !plan.has(VllmFeature.KV_LEASE)) {
      draft.variable(this, "VLLM_NIXL_ABORT_REQUEST_TIMEOUT", "120");
    }
  }
}
