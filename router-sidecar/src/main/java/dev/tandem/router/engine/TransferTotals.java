package dev.tandem.router.engine;

/**
 * Cache an engine fetched over NIXL: the sums of vLLM's histograms, or what they grew by.
 *
 * @param count transfers
 * @param seconds {@code vllm:nixl_xfer_time_seconds}
 * @param postSeconds {@code vllm:nixl_post_time_seconds}, spent handing descriptors over
 * @param bytes {@code vllm:nixl_bytes_transferred}
 * @param descriptors {@code vllm:nixl_num_descriptors}
 */
public record TransferTotals(
    double count, double seconds, double postSeconds, double bytes, double descriptors) {

  public static final TransferTotals NONE = new TransferTotals(0, 0, 0, 0, 0);

  public TransferTotals {
    check("count", count);
    check("seconds", seconds);
    check("postSeconds", postSeconds);
    check("bytes", bytes);
    check("descriptors", descriptors);
  }

  /** What was added since, or all of it when the engine began to count anew. */
  public TransferTotals since(TransferTotals before) {
    return count < before.count || bytes < before.bytes || seconds < before.seconds
        ? this
        : new TransferTotals(
            count - before.count,
            seconds - before.seconds,
            Math.max(0, postSeconds - before.postSeconds),
            bytes - before.bytes,
            Math.max(0, descriptors - before.descriptors));
  }

  private static void check(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " " + value + "; accepted: 0 or more");
    }
  }
}
