package dev.tandem.webhook.annotations;

import org.jspecify.annotations.Nullable;

/** Who moves when the router comes in front of vLLM. */
public enum PortMode {
  /** The router takes vLLM's port and its name; vLLM moves. */
  TAKEOVER("takeover"),
  /** vLLM stays where it is; the router listens on a port of its own. */
  BESIDE("beside");

  private final String label;

  PortMode(String label) {
    this.label = label;
  }

  /** The annotation value. */
  public String label() {
    return label;
  }

  static @Nullable PortMode parse(String label) {
    for (PortMode mode : values()) {
      if (mode.label.equals(label)) {
        return mode;
      }
    }
    return null;
  }
}
