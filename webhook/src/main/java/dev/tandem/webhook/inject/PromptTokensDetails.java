package dev.tandem.webhook.inject;

/**
 * Has vLLM report cached tokens, which tells the router whether its guess of the cache was right.
 */
final class PromptTokensDetails implements Rule {

  private static final String FLAG = "--enable-prompt-tokens-details";

  @Override
  public String name() {
    return "prompt-tokens-details";
  }

  @Override
  public String condition() {
    return "with a router, vLLM 0.9.0 or later, flag absent";
  }

  @Override
  public String reason() {
    return "the router could not see whether its guess of the cache was right";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().withRouter()
        && !draft.commandLine().has(FLAG)
        && draft.gate(VllmFeature.PROMPT_TOKENS_DETAILS)) {
      draft.commandLine().append(FLAG);
      draft.did(this, FLAG);
    }
  }
}
