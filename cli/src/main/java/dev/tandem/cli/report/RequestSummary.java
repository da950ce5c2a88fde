package dev.tandem.cli.report;

import dev.tandem.cli.workload.Served;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a run's requests fared.
 *
 * @param count how many were sent
 * @param errors how many were not served whole
 * @param hitRatio prompt tokens that came from an engine's own cache over all prompt tokens, by the
 *     engines' usage reports
 * @param split how many were served by a prefill and a decode pod together
 * @param ttftMillis null when no request got a first token
 */
public record RequestSummary(
    int count, int errors, double hitRatio, int split, @Nullable Ttft ttftMillis) {

  /** Time to first token in milliseconds of model time. */
  public record Ttft(double mean, double p50, double p99) {

    /** Percentiles by nearest rank. */
    static @Nullable Ttft of(double[] seconds) {
      if (seconds.length == 0) {
        return null;
      }
      double[] sorted = seconds.clone();
      Arrays.sort(sorted);
      return new Ttft(
          1000 * Arrays.stream(sorted).average().orElseThrow(),
          1000 * sorted[(int) Math.ceil(0.50 * sorted.length) - 1],
          1000 * sorted[(int) Math.ceil(0.99 * sorted.length) - 1]);
    }
  }

  public static RequestSummary of(List<Served> served) {
    List<Served> whole = served.stream().filter(s -> s.error() == null).toList();
    long prompt = whole.stream().mapToLong(Served::promptTokens).sum();
    long cached = whole.stream().mapToLong(Served::cachedTokens).sum();
    return new RequestSummary(
        served.size(),
        served.size() - whole.size(),
        prompt == 0 ? 0 : (double) cached / prompt,
        (int) whole.stream().filter(Served::split).count(),
        Ttft.of(
            whole.stream()
                .map(Served::firstTokenSeconds)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray()));
  }
}
