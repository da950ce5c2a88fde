package dev.tandem.cli.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * A chat service's requests, made up from a seed, with the statistics of a published hour of real
 * traffic (Mooncake's conversation trace, FAST'25): the default load where no trace file is given.
 *
 * <p>Conversations begin at random (Poisson). Each turn is followed by another with probability
 * {@value #CONTINUES}, after a pause; the next prompt is the last one and a bit more. All prompts
 * begin with one common block, the system prompt. The distributions are quantiles measured on that
 * trace, where a request was taken to continue the latest one that shares its deepest block beyond
 * the first. As in the trace nothing precedes the first request, so the share of reusable tokens
 * grows from nothing in the first minutes to about 37 %.
 */
public final class ConversationGenerator {

  /** Share of requests that continue another. */
  private static final double CONTINUES = 0.387;

  /**
   * New conversations a second. The trace has 3.40 requests a second; a few turns fall behind the
   * end of the hour.
   */
  private static final double BEGIN_PER_SECOND = 2.14;

  private static final Quantiles FIRST_INPUT_TOKENS =
      Quantiles.of(
          0, 890, .1, 905, .25, 1_336, .5, 5_264, .75, 13_056, .9, 25_561, .99, 89_869, 1, 123_000);

  private static final Quantiles GROWTH_TOKENS =
      Quantiles.of(0, 0, .1, 1, .25, 187, .5, 454, .75, 900, .9, 4_622, .99, 17_472, 1, 60_000);

  private static final Quantiles PAUSE_SECONDS =
      Quantiles.of(0, 9, .1, 42, .25, 66, .5, 123, .75, 264, .9, 483, .99, 1_482, 1, 3_000);

  private static final Quantiles OUTPUT_TOKENS =
      Quantiles.of(0, 1, .1, 24, .25, 156, .5, 350, .75, 472, .9, 597, .99, 1_120, 1, 2_000);

  private static final int MOST_INPUT_TOKENS = 126_000;

  private static final long COMMON_BLOCK = 0;

  private final RandomGenerator random;
  private long nextId = COMMON_BLOCK + 1;

  public ConversationGenerator(RandomGenerator random) {
    this.random = random;
  }

  /** The first requests of the service, in order of time. */
  public List<TraceRequest> first(int count) {
    PriorityQueue<TraceRequest> due =
        new PriorityQueue<>(Comparator.comparingDouble(TraceRequest::atSeconds));
    List<TraceRequest> requests = new ArrayList<>(count);
    double beginning = 0;
    while (requests.size() < count) {
      if (due.isEmpty() || due.element().atSeconds() > beginning) {
        due.add(beginning(beginning));
        beginning += -Math.log1p(-random.nextDouble()) / BEGIN_PER_SECOND;
        continue;
      }
      TraceRequest request = due.remove();
      requests.add(request);
      if (random.nextDouble() < CONTINUES) {
        due.add(after(request));
      }
    }
    return requests;
  }

  private TraceRequest beginning(double seconds) {
    int input = (int) Math.round(FIRST_INPUT_TOKENS.draw(random));
    List<Long> ids = new ArrayList<>(List.of(COMMON_BLOCK));
    return request(seconds, input, ids);
  }

  private TraceRequest after(TraceRequest last) {
    int input =
        (int)
            Math.min(
                MOST_INPUT_TOKENS, Math.round(last.inputTokens() + GROWTH_TOKENS.draw(random)));
    // Only whole blocks keep their id; the partial one at the end is another block once it grows.
    int whole = last.inputTokens() / TraceRequest.BLOCK_TOKENS;
    List<Long> ids =
        new ArrayList<>(
            input == last.inputTokens() ? last.hashIds() : last.hashIds().subList(0, whole));
    return request(last.atSeconds() + PAUSE_SECONDS.draw(random), input, ids);
  }

  private TraceRequest request(double seconds, int input, List<Long> ids) {
    while (ids.size() < Math.ceilDiv(input, TraceRequest.BLOCK_TOKENS)) {
      ids.add(nextId++);
    }
    int output = Math.max(1, (int) Math.round(OUTPUT_TOKENS.draw(random)));
    return new TraceRequest(seconds, input, output, ids);
  }
}
