package dev.tandem.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a pod does in its group. */
public enum Role {
  /** Computes prompts and hands their KV cache on. */
  PREFILL,
  /** Takes KV cache over and generates. */
  DECODE,
  /** An ordinary engine that does both and exchanges nothing. */
  BOTH,
  /** Proposes tokens for a target. */
  DRAFT,
  /** Verifies a draft's tokens. */
  TARGET;

  /** The value in annotations, labels and flags: the lower-case name. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the pod exchanges KV cache with others, and so needs a group. */
  public boolean needsGroup() {
    return this != BOTH;
  }

  /** The role with this label, or null where there is none; see {@link #accepted()}. */
  public static @Nullable Role parse(String label) {
    for (Role role : values()) {
      if (role.label().equals(label)) {
        return role;
      }
    }
    return null;
  }

  /** The labels {@link #parse} takes, for messages. */
  public static String accepted() {
    return Arrays.stream(values()).map(Role::label).collect(Collectors.joining(", "));
  }
}
