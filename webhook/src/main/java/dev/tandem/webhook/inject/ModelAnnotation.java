package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;

/** States the served model, which schedulers and people would else have to dig out of arguments. */
final class ModelAnnotation implements Rule {

  @Override
  public String name() {
    return "model-annotation";
  }

  @Override
  public String condition() {
    return "annotation absent";
  }

  @Override
  public String reason() {
    return "others need not read vLLM's arguments";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.annotations().has(Keys.MODEL)) {
      draft.annotations().put(Keys.MODEL, draft.plan().model());
      draft.did(this, Keys.MODEL + ": " + draft.plan().model());
    }
  }
}
