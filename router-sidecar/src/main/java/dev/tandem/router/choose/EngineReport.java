package dev.tandem.router.choose;

/**
 * What an engine says of itself in its metrics.
 *
 * @param running requests it generates for ({@code vllm:num_requests_running})
 * @param waiting requests in its queue ({@code vllm:num_requests_waiting})
 * @param kvUsage share of its cache blocks in use, 0 to 1 ({@code vllm:kv_cache_usage_perc})
 */
public record EngineReport(int running, int waiting, double kvUsage) {

  public EngineReport {
    if (running < 0 || waiting < 0) {
      throw new IllegalArgumentException(
          "running " + running + ", waiting " + waiting + "; accepted: 0 or more");
    }
    if (!(kvUsage >= 0 && kvUsage <= 1)) {
      throw new IllegalArgumentException("kvUsage " + kvUsage + "; accepted: 0 to 1");
    }
  }
}
