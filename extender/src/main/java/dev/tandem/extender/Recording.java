package dev.tandem.extender;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether and where the extender records what it sees and answers. Immutable.
 *
 * @param folder where segments are written, or null to record nothing; one folder an extender
 * @param megabytes most that the segments take together, in MB of 2^20 bytes; the oldest make way
 */
public record Recording(@Nullable Path folder, int megabytes) {
  /** A snapshot of 5,000 nodes and 20,000 pods packs to about 1 MB; some dozens should fit. */
  public static final int LEAST_MEGABYTES = 16;

  private static final int MOST_MEGABYTES = 1 << 20;

  public Recording {
    if (megabytes < LEAST_MEGABYTES || megabytes > MOST_MEGABYTES) {
      throw new IllegalArgumentException(
          "record-megabytes: "
              + megabytes
              + "; accepted: "
              + LEAST_MEGABYTES
              + " to "
              + MOST_MEGABYTES);
    }
  }

  /** Nothing is recorded; 512 MB once it is, which is days of decisions on most clusters. */
  public static Recording defaults() {
    return new Recording(null, 512);
  }

  long bytes() {
    return (long) megabytes << 20;
  }
}
