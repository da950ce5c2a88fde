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
  public void apply(Draft draft) {
    if (draft.plan().withRouter() && !draft.commandLine().has(FLAG)) {
      draft.commandLine().append(FLAG);
      draft.did(this, FLAG);
    }
  }
}
