package dev.tandem.topology.facts;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the {@code transports} section: a value that is absent keeps its default.
 *
 * @param setupMicros once a transfer, in microseconds
 * @param postMicros for every descriptor, in microseconds
 * @param efficiency share of the line rate that large transfers reach
 */
record TransportEntry(
    @JsonProperty("setup-micros") @Nullable Double setupMicros,
    @JsonProperty("post-micros") @Nullable Double postMicros,
    @Nullable Double efficiency) {

  static Map<Transport, TransferCost.Overhead> overheads(
      @Nullable Map<String, @Nullable TransportEntry> entries) {
    Map<Transport, TransferCost.Overhead> overheads = new EnumMap<>(Transport.class);
    if (entries != null) {
      entries.forEach((name, entry) -> {
        Transport transport = Transport.parse(name);
        if (transport == null) {
          throw new IllegalArgumentException(
              "transports: unknown transport '%s'; accepted: %s"
                  .formatted(BlockName.shown(name), labels()));
        }
        if (entry != null) {
          overheads.put(transport, entry.overhead(transport));
        }
      });
    }
    return overheads;
  }

  static List<String> labels() {
    return Arrays.stream(Transport.values()).map(Transport::label).toList();
  }

  private TransferCost.Overhead overhead(Transport transport) {
    TransferCost.Overhead usual = TransferCost.defaults().overhead(transport);
    try {
      return new TransferCost.Overhead(
          setupMicros == null ? usual.setupSeconds() : seconds(setupMicros),
          postMicros == null ? usual.postSeconds() : seconds(postMicros),
          efficiency == null ? usual.efficiency() : efficiency);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "transports." + transport.label() + ": " + e.getMessage(), e);
    }
  }

  /** By decimal places, so that what was written reads back as the same number. */
  private static double seconds(double micros) {
    return Double.isFinite(micros)
        ? BigDecimal.valueOf(micros).movePointLeft(6).doubleValue()
        : micros;
  }
}
