package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;
import dev.tandem.api.Role;

/**
 * Tells draft and target pods who they are and how to find each other. Stock vLLM does nothing with
 * it: a draft in another pod is an open proposal (vllm-project/vllm#42109). It is the contract for
 * engines that can, beside being placed near each other.
 */
final class SpeculationContract implements Rule {

  @Override
  public String name() {
    return "speculation-contract";
  }

  @Override
  public String condition() {
    return "roles draft and target";
  }

  @Override
  public String reason() {
    return "an engine that can draft for another pod has to find it";
  }

  @Override
  public void apply(Draft draft) {
    Role role = draft.plan().wishes().role();
    String group = draft.plan().wishes().group();
    if ((role != Role.DRAFT && role != Role.TARGET) || group == null) {
      return;
    }
    Role other = role == Role.DRAFT ? Role.TARGET : Role.DRAFT;
    draft.variable(this, "TANDEM_SPECULATION_ROLE", role.label());
    draft.variable(this, "TANDEM_SPECULATION_GROUP", group);
    draft.variable(
        this,
        "TANDEM_SPECULATION_PEERS",
        "%s=%s,%s=%s".formatted(Keys.GROUP, group, Keys.ROLE, other.label()));
    draft.warn(
        "role %s: stock vLLM does not draft across pods; only placed".formatted(role.label()));
  }
}
