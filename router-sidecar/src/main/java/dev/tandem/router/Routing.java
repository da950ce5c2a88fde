package dev.tandem.router;

import dev.tandem.router.choose.Weights;
import dev.tandem.router.request.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a router tells requests apart and chooses for them. Immutable.
 *
 * @param policy how to choose
 * @param splitTokens prompts shorter than this stay on one engine; 0 leaves it to the prediction
 * @param splitUncachedTokens so do prompts of which the decode engine lacks fewer tokens than this;
 *     0 leaves it to the prediction
 * @param uncachedWeight A of {@link Policy#TANDEM}, 1 or more, or {@link Weights#ADAPTIVE}
 * @param session what names a session
 * @param objectives priority of each inference objective by its name; higher goes first, below 0
 *     never waits
 * @param trustedPickers who may send a choice made elsewhere, or token ids
 * @param queue bounds of the queue in front of full engines
 * @param decisionsKept decisions kept for explanation, the newest
 */
public record Routing(
    Policy policy,
    long splitTokens,
    long splitUncachedTokens,
    double uncachedWeight,
    SessionKey session,
    Map<String, Integer> objectives,
    List<AddressRange> trustedPickers,
    Queue queue,
    int decisionsKept) {

  /** A hundred candidates a decision make 2 MB of these. */
  private static final int DECISIONS_KEPT = 128;

  private static final int MOST_DECISIONS_KEPT = 4_096;

  /** Uncached work counted a thousand times: nothing else does then. */
  private static final int MOST_UNCACHED_WEIGHT = 1_000;

  /** The word for {@link Weights#ADAPTIVE} in flags and files. */
  static final String ADAPTIVE = "adaptive";

  public static final Routing DEFAULT =
      new Routing(
          Policy.TANDEM,
          0,
          0,
          Weights.ADAPTIVE,
          SessionKey.DEFAULT,
          Map.of(),
          List.of(),
          Queue.NONE,
          DECISIONS_KEPT);

  /**
   * Bounds of the queue in which requests wait while every engine is full.
   *
   * @param entries most requests; 0, the default, refuses at once
   * @param bytes most bytes of their bodies together
   * @param longest how long one may wait
   */
  public record Queue(int entries, long bytes, Duration longest) {

    // A sidecar has 128 MB: half of it for bodies that wait.
    public static final Queue NONE = new Queue(0, 64L << 20, Duration.ofSeconds(30));

    public Queue {
      if (entries < 0 || bytes < 0 || longest.toMillis() <= 0) {
        throw new IllegalArgumentException(
            "queue entries %d, bytes %d, longest %s; accepted: 0 or more, 0 or more, above 0"
                .formatted(entries, bytes, longest));
      }
    }
  }

  public Routing {
    objectives = Map.copyOf(objectives);
    trustedPickers = List.copyOf(trustedPickers);
    if (splitTokens < 0 || splitUncachedTokens < 0) {
      throw new IllegalArgumentException(
          "splitTokens %d, splitUncachedTokens %d; accepted: 0 or more"
              .formatted(splitTokens, splitUncachedTokens));
    }
    if (uncachedWeight != Weights.ADAPTIVE
        && !(uncachedWeight >= 1 && uncachedWeight <= MOST_UNCACHED_WEIGHT)) {
      throw new IllegalArgumentException(
          "uncachedWeight " + uncachedWeight + "; accepted: 0 (adaptive), or 1 to 1000");
    }
    if (decisionsKept < 0 || decisionsKept > MOST_DECISIONS_KEPT) {
      throw new IllegalArgumentException(
          "decisionsKept " + decisionsKept + "; accepted: 0 to " + MOST_DECISIONS_KEPT);
    }
  }

  /**
   * The weight of uncached work, as flags and files have it: {@code adaptive} or a number.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static double uncachedWeight(String text) {
    if (text.equals(ADAPTIVE)) {
      return Weights.ADAPTIVE;
    }
    try {
      double weight = Double.parseDouble(text);
      if (weight >= 1 && weight <= MOST_UNCACHED_WEIGHT) {
        return weight;
      }
    } catch (NumberFormatException e) {
      // Refused below, as numbers out of bounds are.
    }
    throw new IllegalArgumentException(
        "uncached weight '" + text + "'; accepted: adaptive, or a number from 1 to 1000");
  }

  /** Whether this address may send a choice made elsewhere. */
  public boolean trusts(String address) {
    for (AddressRange range : trustedPickers) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  public Routing withPolicy(Policy other) {
    return new Routing(
        other,
        splitTokens,
        splitUncachedTokens,
        uncachedWeight,
        session,
        objectives,
        trustedPickers,
        queue,
        decisionsKept);
  }

  public Routing withQueue(Queue other) {
    return new Routing(
        policy,
        splitTokens,
        splitUncachedTokens,
        uncachedWeight,
        session,
        objectives,
        trustedPickers,
        other,
        decisionsKept);
  }

  public Routing withTrustedPickers(List<AddressRange> others) {
    return new Routing(
        policy,
        splitTokens,
        splitUncachedTokens,
        uncachedWeight,
        session,
        objectives,
        others,
        queue,
        decisionsKept);
  }
}
