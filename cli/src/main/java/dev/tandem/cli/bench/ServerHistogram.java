package dev.tandem.cli.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Prometheus histogram read off a metrics page: calls by upper bound in seconds, cumulative.
 * Immutable.
 */
record ServerHistogram(Map<Double, Double> cumulative) {

  private static final Pattern BUCKET =
      Pattern.compile(
          "tandem_extender_request_seconds_bucket\\{verb=\"(\\w+)\",le=\"([^\"]+)\"} (\\S+)");

  static ServerHistogram of(String page, String verb) {
    Map<Double, Double> buckets = new TreeMap<>();
    Matcher line = BUCKET.matcher(page);
    while (line.find()) {
      if (line.group(1).equals(verb)) {
        String bound = line.group(2);
        buckets.put(
            bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
            Double.parseDouble(line.group(3)));
      }
    }
    return new ServerHistogram(buckets);
  }

  /** What came after an earlier reading. */
  ServerHistogram since(ServerHistogram earlier) {
    Map<Double, Double> rest = new TreeMap<>();
    cumulative.forEach(
        (bound, count) -> rest.put(bound, count - earlier.cumulative.getOrDefault(bound, 0.0)));
    return new ServerHistogram(rest);
  }

  /** The bound of the bucket that holds the quantile, in milliseconds: never too small. */
  double atMostMillis(double quantile) {
    double all = cumulative.values().stream().mapToDouble(count -> count).max().orElse(0);
    for (Map.Entry<Double, Double> bucket : new TreeMap<>(cumulative).entrySet()) {
      if (bucket.getValue() >= quantile * all) {
        return bucket.getKey() * 1e3;
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
