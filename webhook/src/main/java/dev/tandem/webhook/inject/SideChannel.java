package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.Connector;

/**
 * Where NIXL engines meet (vllm/envs.py). The host is both bound and advertised, and its default
 * {@code localhost} makes decode engines dial themselves. The port is a base: every data-parallel
 * engine adds its index. Several engines of one pod must not share a base, so there it is theirs to
 * set.
 */
final class SideChannel implements Rule {

  private static final String HOST = "VLLM_NIXL_SIDE_CHANNEL_HOST";
  private static final String PORT = "VLLM_NIXL_SIDE_CHANNEL_PORT";

  /** vLLM's default (vllm/envs.py). */
  private static final int MOONCAKE_BOOTSTRAP = 8998;

  @Override
  public String name() {
    return "side-channel";
  }

  @Override
  public String condition() {
    return "variables absent; the port only with one engine in the pod";
  }

  @Override
  public String reason() {
    return "decode engines would look for the prefill engine's KV cache on themselves";
  }

  @Override
  public void apply(Draft draft) {
    draft.variable(this, HOST, PodAddress.REFERENCE);
    if (draft.plan().completesArguments()) {
      draft.variable(this, PORT, Integer.toString(draft.plan().ports().sideChannel()));
    }
    if (draft.plan().wishes().connector() == Connector.MOONCAKE && draft.plan().prefills()) {
      int port = MOONCAKE_BOOTSTRAP + draft.plan().wishes().portOffset();
      draft.variable(this, "VLLM_MOONCAKE_BOOTSTRAP_PORT", Integer.toString(port));
    }
  }
}
