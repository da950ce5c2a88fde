package dev.tandem.router.engine;

/**
 * What an engine says of itself, as routers tell each other.
 *
 * @param running requests it generates for
 * @param waiting requests in its queue
 * @param kvUsage share of its cache in use, 0 to 1
 * @param asleep whether it is in vLLM's sleep mode: it holds no cache and answers only once woken
 * @param cacheTokens tokens its cache has room for; 0 when unknown
 * @param blockTokens tokens of one of its blocks; 0 when unknown
 */
public record EngineStatus(
    int running, int waiting, double kvUsage, boolean asleep, long cacheTokens, int blockTokens) {

  // Far beyond any engine: a value above says that it is wrong, not that the engine is so large.
  private static final int MOST_REQUESTS = 1_000_000;
  private static final long MOST_TOKENS = 1L << 32;
  private static final int MOST_BLOCK = 1 << 16;

  public EngineStatus {
    within("running", running, MOST_REQUESTS);
    within("waiting", waiting, MOST_REQUESTS);
    within("cacheTokens", cacheTokens, MOST_TOKENS);
    within("blockTokens", blockTokens, MOST_BLOCK);
    if (!(kvUsage >= 0 && kvUsage <= 1)) {
      throw new IllegalArgumentException("kvUsage " + kvUsage + "; accepted: 0 to 1");
    }
  }

  /** The status of a sample that is usable; what it leaves out stays as it was. */
  static EngineStatus of(EngineSample sample, EngineStatus before) {
    boolean sized = sample.blocks() * sample.blockTokens() <= MOST_TOKENS;
    return new EngineStatus(
        (int) Math.min(MOST_REQUESTS, sample.running()),
        (int) Math.min(MOST_REQUESTS, sample.waiting()),
        Double.isNaN(sample.kvUsage()) ? before.kvUsage : sample.kvUsage(),
        Double.isNaN(sample.asleep()) ? before.asleep : sample.asleep() > 0,
        sized ? (long) (sample.blocks() * sample.blockTokens()) : before.cacheTokens,
        sized ? (int) Math.min(MOST_BLOCK, sample.blockTokens()) : before.blockTokens);
  }

  private static void within(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(name + " " + value + "; accepted: 0 to " + most);
    }
  }
}
