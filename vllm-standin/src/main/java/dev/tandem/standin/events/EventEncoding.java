package dev.tandem.standin.events;

/** The two wire forms of KV events. */
public enum EventEncoding {
  /** A map with the key {@code type}: vLLM since 2026-06-09. */
  MAP,
  /** An array that starts with the tag: vLLM before. */
  ARRAY
}
