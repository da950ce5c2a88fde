package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.Speculation;

/** Passes the {@code speculative} annotation on to vLLM, in the same pod as the target. */
final class SpeculativeConfig implements Rule {

  static final String FLAG = "--speculative-config";

  @Override
  public String name() {
    return "speculative-config";
  }

  @Override
  public String condition() {
    return "annotation speculative, flag absent";
  }

  @Override
  public String reason() {
    return "vLLM runs a draft in the target's own processes; a draft in another pod does nothing";
  }

  @Override
  public void apply(Draft draft) {
    Speculation speculation = draft.plan().wishes().speculative();
    CommandLine line = draft.commandLine();
    boolean own =
        line.has(FLAG)
            || line.value("-sc") != null
            || line.has("--spec-method")
            || line.has("--spec-model");
    if (speculation != null
        && draft.plan().completesArguments()
        && !own
        && draft.gate(VllmFeature.SPECULATIVE_CONFIG)) {
      String json = speculation.json().toString();
      line.append(FLAG, json);
      draft.did(this, FLAG + " " + json);
    }
  }
}
