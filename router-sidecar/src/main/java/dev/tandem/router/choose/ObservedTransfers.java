package dev.tandem.router.choose;

/**
 * What an engine's histograms of cache transfers grew by between two readings: all it fetched,
 * whoever from. A rank reports its own share, so a fetch counts once a tensor-parallel rank.
 *
 * @param transfers how many ({@code vllm:nixl_xfer_time_seconds_count})
 * @param bytes their sum ({@code vllm:nixl_bytes_transferred_sum})
 * @param descriptors their sum ({@code vllm:nixl_num_descriptors_sum})
 * @param seconds from post to completion, their sum ({@code vllm:nixl_xfer_time_seconds_sum})
 * @param postSeconds the part of that spent posting, their sum ({@code
 *     vllm:nixl_post_time_seconds_sum})
 */
public record ObservedTransfers(
    long transfers, long bytes, long descriptors, double seconds, double postSeconds) {

  /** Whether these can be the growth of histograms; a restarted engine's counters go back. */
  public boolean plausible() {
    return transfers > 0
        && bytes > 0
        && descriptors >= transfers
        && seconds > 0
        && Double.isFinite(seconds)
        && postSeconds >= 0
        && postSeconds <= seconds;
  }
}
