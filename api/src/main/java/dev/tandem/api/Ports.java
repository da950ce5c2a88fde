package dev.tandem.api;

/** Default ports of a pod, see the ports table in {@code docs/design/ports.md}. */
public final class Ports {

  /** Where clients talk to the pod: the sidecar, in vLLM's usual place. */
  public static final int SERVING = 8000;

  /** Where vLLM moves to behind the sidecar, as in llm-d's charts. */
  public static final int ENGINE = 8200;

  /** Where sidecars talk to each other. */
  public static final int PEER = 8201;

  /** KV cache events, loopback only: they carry prompts. */
  public static final int EVENTS = 5557;

  /** Replay of KV cache events, loopback only. */
  public static final int EVENTS_REPLAY = 5558;

  /** NIXL side channel, vLLM's default. */
  public static final int NIXL_SIDE_CHANNEL = 5600;

  private Ports() {}
}
