package dev.tandem.webhook.inject;

/**
 * Keeps idle connections longer than the router pools them: vLLM closes after 5 s by default
 * (vllm/envs.py VLLM_HTTP_TIMEOUT_KEEP_ALIVE), just when the router may send on one. Images that do
 * not know the variable do not mind it.
 */
final class KeepAlive implements Rule {

  @Override
  public String name() {
    return "keep-alive";
  }

  @Override
  public String condition() {
    return "with a router, variable absent";
  }

  @Override
  public String reason() {
    return "requests would now and then meet a connection that vLLM is closing";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().withRouter()) {
      draft.variable(this, "VLLM_HTTP_TIMEOUT_KEEP_ALIVE", "65");
    }
  }
}
