package dev.tandem.webhook.inject;

/** Passes the {@code speculative} annotation on to vLLM, in the same pod as the target. */
final class SpeculativeConfig implements Rule {

  private static final String FLAG = "--speculative-config";

  @Override
  public String name() {
    return "speculative-config";
  }

  @Override
  public void apply(Draft draft) {
    String json = draft.plan().wishes().speculative();
    CommandLine line = draft.commandLine();
    if (json != null && !line.has(FLAG) && line.value("-sc") == null) {
      line.append(FLAG, json);
      draft.did(this, FLAG + " " + json);
    }
  }
}
