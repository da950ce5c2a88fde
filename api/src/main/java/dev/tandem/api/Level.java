package dev.tandem.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The levels of the interconnect we know, from far to near. Their order is the order of a {@link
 * LocalityPath}; a path may hold levels this enum does not know.
 */
public enum Level {
  /** {@code topology.kubernetes.io/zone}. */
  ZONE,
  /** Core switch layer. */
  CORE,
  /** Spine switch. */
  SPINE,
  /** Leaf (top of rack) switch. */
  LEAF,
  /** NVLink domain: nodes whose GPUs reach each other over NVLink. */
  NVLINK,
  /** One node. */
  NODE;

  /** The value in paths, flags and files: the lower-case name. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level with this label, or null where there is none. */
  public static @Nullable Level parse(String label) {
    for (Level level : values()) {
      if (level.label().equals(label)) {
        return level;
      }
    }
    return null;
  }
}
