package dev.tandem.router.proxy;

import java.util.Locale;

/** Why a request was not served, in the words of llm-d's {@value Headers#DROPPED}. */
enum Dropped {
  SATURATED("rejected-saturated"),
  NO_ENDPOINTS("rejected-no-endpoints"),
  TTL_EXPIRED("rejected-ttl-expired"),
  CONTEXT_CANCELLED("rejected-context-cancelled"),
  SHUTTING_DOWN("rejected-shutting-down"),
  EVICTED_PRIORITY("evicted-priority");

  private final String label;

  Dropped(String label) {
    this.label = label;
  }

  /** The header's value. */
  String label() {
    return label;
  }

  /** The metric's value. */
  String metric() {
    return name().toLowerCase(Locale.ROOT);
  }
}
