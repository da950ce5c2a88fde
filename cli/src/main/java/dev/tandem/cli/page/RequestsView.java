package dev.tandem.cli.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of both runs fare, at one moment. Immutable.
 *
 * @param status what is happening now, in a few words, e.g. {@code Serving with Tandem}
 * @param note how the numbers are to be read, e.g. the traffic and the speed-up; may be empty
 * @param tandem null before the run has begun
 * @param baseline null before the run has begun
 */
public record RequestsView(
    String status, String note, @Nullable RunView tandem, @Nullable RunView baseline) {

  /**
   * One run.
   *
   * @param total how many requests the run has in all
   * @param count how many have ended, errors included
   * @param errors how many of those failed
   * @param inFlight how many are on their way
   * @param hitRatio prompt tokens served from cache over all prompt tokens, 0 to 1
   * @param split how many were served by a prefill and a decode pod
   * @param ttftMillis null until a first token has come
   * @param queues every pod that serves, with the requests on it
   * @param samples times to first token, oldest first; the newest {@link #SAMPLES} are kept
   */
  public record RunView(
      int total,
      int count,
      int errors,
      int inFlight,
      double hitRatio,
      int split,
      @Nullable Ttft ttftMillis,
      List<Queue> queues,
      List<Sample> samples) {

    /**
     * More samples than this would not be told apart on the chart, and would make each answer
     * larger.
     */
    public static final int SAMPLES = 2_000;

    public RunView {
      if (!(hitRatio >= 0 && hitRatio <= 1)) {
        throw new IllegalArgumentException("hitRatio is " + hitRatio + "; accepted: 0 to 1");
      }
      queues = List.copyOf(queues);
      samples = List.copyOf(samples.subList(Math.max(0, samples.size() - SAMPLES), samples.size()));
    }
  }

  /** Time to first token in milliseconds, over all requests of a run that got one. */
  public record Ttft(double mean, double p50, double p99) {}

  /** The requests a pod has accepted and not finished. */
  public record Queue(String pod, int inFlight) {}

  /**
   * One request's first token.
   *
   * @param atSeconds when it came, since its run began
   * @param millis the time from sending the request to it
   */
  public record Sample(double atSeconds, double millis) {}
}
