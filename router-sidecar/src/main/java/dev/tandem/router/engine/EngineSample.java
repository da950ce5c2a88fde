package dev.tandem.router.engine;

/**
 * What one reading of an engine's metrics said; NaN for what it did not say, or said wrongly.
 *
 * @param running {@code vllm:num_requests_running}, over all data-parallel ranks
 * @param waiting {@code vllm:num_requests_waiting}, over all ranks
 * @param kvUsage {@code vllm:kv_cache_usage_perc}, 0 to 1, of the fullest rank
 * @param blocks {@code num_gpu_blocks} of {@code vllm:cache_config_info}
 * @param blockTokens {@code block_size} of it
 * @param asleep 1 when {@code vllm:engine_sleep_state} says the engine is not awake, 0 when it is
 * @param promptTokens {@code vllm:prompt_tokens_total}
 * @param transfers the sums of {@code vllm:nixl_*}
 * @param ranks data-parallel ranks, by the first and last {@code engine} label; 0 where none is
 *     labelled
 * @param bad values that are not what their metric may have
 */
public record EngineSample(
    double running,
    double waiting,
    double kvUsage,
    double blocks,
    double blockTokens,
    double asleep,
    double promptTokens,
    TransferTotals transfers,
    int ranks,
    int bad) {

  /** Whether the engine said how busy it is, without which a reading is worth nothing. */
  public boolean usable() {
    return !Double.isNaN(running) && !Double.isNaN(waiting);
  }
}
