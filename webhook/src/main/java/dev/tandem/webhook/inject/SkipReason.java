package dev.tandem.webhook.inject;

/** Why a pod was left as it came. The label is a metric label value. */
public enum SkipReason {
  NOT_OPTED_IN("not_opted_in", "neither the pod nor its namespace opted in"),
  OPTED_OUT("opted_out", "the pod's inject label is \"false\""),
  ALREADY_INJECTED("already_injected", "the pod carries our marker and our container"),
  MIRROR_POD("mirror_pod", "mirror pods belong to the kubelet"),
  WINDOWS("windows", "the router runs on Linux nodes only"),
  NOT_VLLM("not_vllm", "a pod of an opted-in namespace without a vLLM container"),
  HEADLESS("headless", "vLLM runs with --headless: it has no HTTP server to route to");

  private final String label;
  private final String explanation;

  SkipReason(String label, String explanation) {
    this.label = label;
    this.explanation = explanation;
  }

  /** Lower-case, stable: a metric label value. */
  public String label() {
    return label;
  }

  /** For a person. */
  public String explanation() {
    return explanation;
  }
}
