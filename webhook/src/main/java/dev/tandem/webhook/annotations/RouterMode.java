package dev.tandem.webhook.annotations;

import org.jspecify.annotations.Nullable;

/** Whether a pod gets the router in front of its engine. */
public enum RouterMode {
  SIDECAR("sidecar"),
  NONE("none");

  private final String label;

  RouterMode(String label) {
    this.label = label;
  }

  /** The annotation value. */
  public String label() {
    return label;
  }

  static @Nullable RouterMode parse(String label) {
    for (RouterMode mode : values()) {
      if (mode.label.equals(label)) {
        return mode;
      }
    }
    return null;
  }
}
