package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;

/** A pod that is only being created is nowhere yet: a locality it brings along is not ours. */
final class ForgedLocality implements Rule {

  static final String NAME = "forged-locality";
  static final String DONE = "removed " + Keys.LOCALITY + ": only a binding sets it";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String condition() {
    return "a locality on a pod that is being created";
  }

  @Override
  public String reason() {
    return "a forged place would misdirect requests";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.pod().path("metadata").path("annotations").has(Keys.LOCALITY)) {
      draft.annotations().remove(Keys.LOCALITY);
      draft.did(this, DONE);
    }
  }
}
