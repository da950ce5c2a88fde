package dev.tandem.topology.facts;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names of switches and domains, made comparable whatever source they come from.
 *
 * <p>A label value has at most {@value #MOST_BYTES} bytes. Topograph replaces a longer name by
 * {@code x} and its 64-bit FNV-1a hash in hexadecimal without leading zeros (NVIDIA/topograph,
 * pkg/engines/k8s/labeler.go). The same is done here to every long name, so a name written out in a
 * file and its hash on a label are one block, and no name is longer than a label can be.
 */
public final class BlockName {
  static final int MOST_BYTES = 63;
  private static final int MOST_SHOWN = 80;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private BlockName() {}

  /** The name as it is compared and kept: itself, or its hash where it is too long for a label. */
  public static String of(String name) {
    // A UTF-16 unit is at most three bytes of UTF-8 and at least one.
    if (name.length() * 3L <= MOST_BYTES) {
      return name;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MOST_BYTES ? name : "x" + Long.toHexString(fnv64a(bytes));
  }

  /** What is wrong with a name, or null where it can be used. */
  public static @Nullable String problem(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return "control character U+%04X at position %d".formatted((int) name.charAt(i), i);
      }
    }
    return null;
  }

  /** A value as a message may hold it: control characters escaped, cut where it is long. */
  public static String shown(String value) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(value.length(), MOST_SHOWN); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        shown.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return value.length() <= MOST_SHOWN
        ? shown.toString()
        : shown + "... (" + value.length() + " characters)";
  }

  static long fnv64a(byte[] bytes) {
    long hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
