package dev.tandem.cli.topology;

import dev.tandem.topology.facts.BlockName;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What vLLM engines counted of their NIXL transfers, summed over engines, ranks and files.
 * Immutable. The names are those of vllm/distributed/kv_transfer/kv_connector/v1/nixl/stats.py;
 * every transfer of every rank is one sample of each of the four histograms.
 *
 * @param transfers transfers that succeeded
 * @param transferSeconds from the first post to the last byte, in all
 * @param postSeconds of that, spent posting descriptors
 * @param bytes moved, in all
 * @param descriptors posted, in all
 * @param failed transfers that failed
 */
record NixlTotals(
    double transfers,
    double transferSeconds,
    double postSeconds,
    double bytes,
    double descriptors,
    double failed) {

  static final NixlTotals NONE = new NixlTotals(0, 0, 0, 0, 0, 0);

  private static final Pattern SAMPLE =
      Pattern.compile("(vllm:nixl_[a-z_]{1,64})(?:\\{[^}]*+})?[ \\t]++([^ \\t]{1,64})[ \\t]*+\\d*");

  /**
   * Reads the Prometheus text of one engine.
   *
   * @param origin the file or URL, for messages
   * @throws IllegalArgumentException if a sample has no number, or there is none at all; names
   *     origin, line and value
   */
  static NixlTotals parse(String origin, String text) {
    Map<String, Double> sums = new HashMap<>();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (!line.startsWith("vllm:nixl_")) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line.strip());
      double value = sample.matches() ? number(sample.group(2)) : Double.NaN;
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "%s:%d: '%s'; accepted: NAME{LABELS} NUMBER of 0 or more"
                .formatted(origin, number, BlockName.shown(line)));
      }
      sums.merge(sample.group(1), value, Double::sum);
    }
    NixlTotals totals =
        new NixlTotals(
            sums.getOrDefault("vllm:nixl_xfer_time_seconds_count", 0.0),
            sums.getOrDefault("vllm:nixl_xfer_time_seconds_sum", 0.0),
            sums.getOrDefault("vllm:nixl_post_time_seconds_sum", 0.0),
            sums.getOrDefault("vllm:nixl_bytes_transferred_sum", 0.0),
            sums.getOrDefault("vllm:nixl_num_descriptors_sum", 0.0),
            sums.getOrDefault("vllm:nixl_num_failed_transfers_total", 0.0));
    if (sums.isEmpty()) {
      throw new IllegalArgumentException(
          origin
              + ": no vllm:nixl_xfer_time_seconds; accepted: the /metrics text of a vLLM engine"
              + " with the NIXL connector (the side that pulls counts)");
    }
    return totals;
  }

  /** Both together. */
  NixlTotals and(NixlTotals other) {
    return new NixlTotals(
        transfers + other.transfers,
        transferSeconds + other.transferSeconds,
        postSeconds + other.postSeconds,
        bytes + other.bytes,
        descriptors + other.descriptors,
        failed + other.failed);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
