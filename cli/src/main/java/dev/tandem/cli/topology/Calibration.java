package dev.tandem.cli.topology;

import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;

/**
 * A transport's overheads from what engines counted. Immutable.
 *
 * <pre>{@code
 * post       = seconds spent posting / descriptors
 * bandwidth  = bytes / (seconds in all - seconds posting - transfers * setup)
 * efficiency = bandwidth / line rate
 * }</pre>
 *
 * Setup cannot be told from sums of one kind of transfer, so it is given.
 *
 * @param transport what was measured
 * @param totals what it was measured from
 * @param gigabytesPerSecond bandwidth reached beside setup and posting
 * @param overhead what follows
 */
record Calibration(
    Transport transport,
    NixlTotals totals,
    double gigabytesPerSecond,
    TransferCost.Overhead overhead) {

  /** Clocks and line rates are not better than this. */
  private static final double CLOCKS = 0.01;

  /**
   * Computes it.
   *
   * @param lineRate GB/s of the link, one way
   * @param setupSeconds once a transfer
   * @param fewest transfers below which nothing is said
   * @throws IllegalArgumentException if there are too few, or the numbers cannot be; names what and
   *     what helps
   */
  static Calibration of(
      Transport transport, NixlTotals totals, double lineRate, double setupSeconds, int fewest) {
    String name = transport.label();
    if (totals.transfers() < fewest) {
      throw new IllegalArgumentException(
          "%s: %.0f transfers; accepted: at least %d (--min-transfers)"
              .formatted(name, totals.transfers(), fewest));
    }
    if (totals.bytes() <= 0 || totals.descriptors() <= 0) {
      throw new IllegalArgumentException(
          "%s: %.0f bytes in %.0f descriptors; accepted: above 0"
              .formatted(name, totals.bytes(), totals.descriptors()));
    }
    double wire =
        totals.transferSeconds() - totals.postSeconds() - totals.transfers() * setupSeconds;
    if (wire <= 0) {
      throw new IllegalArgumentException(
          ("%s: %.1f us a transfer, %.1f us of it posting, leave nothing beside a setup of %.1f us;"
                  + " --setup-micros takes a smaller one")
              .formatted(
                  name,
                  totals.transferSeconds() / totals.transfers() * 1e6,
                  totals.postSeconds() / totals.transfers() * 1e6,
                  setupSeconds * 1e6));
    }
    double reached = totals.bytes() / wire / 1e9;
    if (reached > lineRate * (1 + CLOCKS)) {
      throw new IllegalArgumentException(
          ("%s: %.1f GB/s reached, above the line rate of %.1f; --line-rate %s=N says the right one,"
                  + " and links in the topology file should")
              .formatted(name, reached, lineRate, name));
    }
    return new Calibration(
        transport,
        totals,
        reached,
        new TransferCost.Overhead(
            setupSeconds,
            totals.postSeconds() / totals.descriptors(),
            Math.min(1, reached / lineRate)));
  }
}
