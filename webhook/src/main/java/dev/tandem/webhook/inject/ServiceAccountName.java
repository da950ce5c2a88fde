package dev.tandem.webhook.inject;

/**
 * Names the service account {@code default} where none is named: the router's projected token needs
 * a name, else the pod is invalid. The API server's ServiceAccount plugin would have done the same
 * before us; a file, or a control plane without that plugin, comes without.
 */
final class ServiceAccountName implements Rule {

  private static final String FIELD = "serviceAccountName";

  /** The older name of the same field, still accepted by the API server. */
  private static final String DEPRECATED_FIELD = "serviceAccount";

  @Override
  public String name() {
    return "service-account-name";
  }

  @Override
  public String condition() {
    return "with a router, no service account named";
  }

  @Override
  public String reason() {
    return "a projected token needs an account's name, else the pod is invalid";
  }

  @Override
  public void apply(Draft draft) {
    boolean named =
        !draft.spec().path(FIELD).asText("").isEmpty()
            || !draft.spec().path(DEPRECATED_FIELD).asText("").isEmpty();
    if (draft.plan().withRouter() && !named) {
      draft.spec().put(FIELD, "default");
      draft.did(this, FIELD + ": default");
    }
  }
}
