package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.RouterMode;

/**
 * Says on a pod with several engines that it has no router on purpose: one router fronts one
 * engine. The policy that refuses opted-in pods without a router then lets it pass, but only once
 * the webhook has seen it.
 */
final class WithoutRouter implements Rule {

  @Override
  public String name() {
    return "without-router";
  }

  @Override
  public String condition() {
    return "several engines in the pod";
  }

  @Override
  public String reason() {
    return "the policy against a silent bypass would refuse the pod";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().endpoints().isEmpty() && !draft.annotations().has(Keys.ROUTER)) {
      draft.annotations().put(Keys.ROUTER, RouterMode.NONE.label());
      draft.did(this, Keys.ROUTER + ": none");
    }
  }
}
