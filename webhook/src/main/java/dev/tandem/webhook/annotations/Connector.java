package dev.tandem.webhook.annotations;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How KV cache travels between engines, as the annotation names it. */
public enum Connector {
  /** The decode engine reads from the prefill engine. */
  NIXL("nixl", true),
  /** The prefill engine writes into the decode engine. */
  NIXL_PUSH("nixl-push", false),
  MOONCAKE("mooncake", false),
  /** A store keyed by tokens, LMCache's. */
  LMCACHE("lmcache", true),
  /** A directory all engines see, keyed by tokens. */
  SHARED_STORAGE("shared-storage", true);

  private final String label;
  private final boolean routed;

  Connector(String label, boolean routed) {
    this.label = label;
    this.routed = routed;
  }

  /** The annotation value. */
  public String label() {
    return label;
  }

  /**
   * Whether our router can drive it: it sends the prompt to the prefill engine first and the
   * request to the decode engine then. Push and Mooncake want both at once, with an id of their
   * own.
   */
  public boolean routed() {
    return routed;
  }

  /** Whether engines meet over NIXL's side channel and keep cache for each other under a lease. */
  public boolean nixl() {
    return this == NIXL || this == NIXL_PUSH;
  }

  /** Whether the cache goes through a store both engines reach, and not from one to the other. */
  public boolean throughStore() {
    return this == LMCACHE || this == SHARED_STORAGE;
  }

  static @Nullable Connector parse(String label) {
    for (Connector connector : values()) {
      if (connector.label.equals(label)) {
        return connector;
      }
    }
    return null;
  }

  static String accepted() {
    return Arrays.stream(values()).map(Connector::label).collect(Collectors.joining(", "));
  }
}
