package dev.tandem.webhook.inject;

/** How the router's container runs beside vLLM. */
public enum SidecarKind {
  /** An init container that is restarted always: starts before vLLM, stops after it (1.29 on). */
  NATIVE,
  /** The last of the regular containers, for clusters without native sidecars. */
  REGULAR
}
