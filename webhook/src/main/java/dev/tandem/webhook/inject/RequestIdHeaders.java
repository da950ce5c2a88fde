package dev.tandem.webhook.inject;

/** Has vLLM answer with the request's id, so that a request can be followed through both legs. */
final class RequestIdHeaders implements Rule {

  private static final String FLAG = "--enable-request-id-headers";

  @Override
  public String name() {
    return "request-id-headers";
  }

  @Override
  public String condition() {
    return "with a router, vLLM 0.9.0 or later, flag absent";
  }

  @Override
  public String reason() {
    return "a request could not be followed through both engines";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().withRouter()
        && !draft.commandLine().has(FLAG)
        && draft.gate(VllmFeature.REQUEST_ID_HEADERS)) {
      draft.commandLine().append(FLAG);
      draft.did(this, FLAG);
    }
  }
}
