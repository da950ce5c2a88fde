package dev.tandem.router;

import java.time.Duration;

/**
 * Every bound and time limit of a router.
 *
 * @param maxBodyBytes largest request body; beyond it 413
 * @param connect time to connect to another pod
 * @param firstByte time until a stream's first event, or a prefill leg's answer: beyond it the
 *     engine counts as hung. Two minutes, because a long prompt may wait behind others for one
 * @param answer time until an answer that is not streamed begins: it begins when all is generated
 * @param idle longest silence in the middle of an answer
 * @param pullGrace how long a decode leg whose client has gone may go on fetching cache before it
 *     is closed all the same; 30 s is how long vLLM keeps the cache for it
 * @param retries further attempts after the first, before the first byte
 * @param retryBudget no further attempt starts this long after the request was read
 * @param indexBlocks 64-token blocks remembered an engine; 31,250 is llm-d's bound, 2M tokens
 * @param mostInFlight requests an engine may have before it counts as full
 */
public record Limits(
    int maxBodyBytes,
    Duration connect,
    Duration firstByte,
    Duration answer,
    Duration idle,
    Duration pullGrace,
    int retries,
    Duration retryBudget,
    int indexBlocks,
    int mostInFlight) {

  public static final Limits DEFAULT =
      new Limits(
          32 << 20,
          Duration.ofSeconds(2),
          Duration.ofSeconds(120),
          Duration.ofSeconds(600),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          2,
          Duration.ofSeconds(10),
          31_250,
          1024);

  public Limits {
    positive("maxBodyBytes", maxBodyBytes);
    positive("connect", connect.toMillis());
    positive("firstByte", firstByte.toMillis());
    positive("answer", answer.toMillis());
    positive("idle", idle.toMillis());
    positive("pullGrace", pullGrace.toMillis());
    positive("retryBudget", retryBudget.toMillis());
    positive("indexBlocks", indexBlocks);
    positive("mostInFlight", mostInFlight);
    if (retries < 0) {
      throw new IllegalArgumentException("retries " + retries + "; accepted: 0 or more");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " " + value + "; accepted: above 0");
    }
  }
}
