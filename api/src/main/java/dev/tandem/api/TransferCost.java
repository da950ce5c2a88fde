package dev.tandem.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long moving a KV cache takes: the one prediction that placement and routing share.
 *
 * <pre>{@code
 * seconds = setup + descriptors * post + bytes / (bandwidth * efficiency / (1 + flows))
 * }</pre>
 *
 * over the cheapest level the two pods share. Bandwidth comes from the locality path, the other
 * three from the transport of that level. Immutable.
 *
 * @param overheads overhead of every transport
 */
public record TransferCost(Map<Transport, Overhead> overheads) {

  /**
   * What a transport costs beside its line rate.
   *
   * @param setupSeconds once a transfer: metadata, notification, first post
   * @param postSeconds for every descriptor
   * @param efficiency share of the line rate that large transfers reach, above 0 to 1
   */
  public record Overhead(double setupSeconds, double postSeconds, double efficiency) {
    /** A first contact takes seconds; a setup on every transfer that long is a slip of units. */
    static final double MOST_SETUP_SECONDS = 10;

    /** A thousand times the slowest post seen; a slip of units. */
    public static final double MOST_POST_SECONDS = 0.001;

    public Overhead {
      if (!(setupSeconds >= 0 && setupSeconds <= MOST_SETUP_SECONDS)) {
        throw new IllegalArgumentException(
            "setup %s s: accepted is 0 to %s".formatted(setupSeconds, MOST_SETUP_SECONDS));
      }
      if (!(postSeconds >= 0 && postSeconds <= MOST_POST_SECONDS)) {
        throw new IllegalArgumentException(
            "post %s s: accepted is 0 to %s".formatted(postSeconds, MOST_POST_SECONDS));
      }
      if (!(efficiency > 0 && efficiency <= 1)) {
        throw new IllegalArgumentException(
            "efficiency %s: accepted is above 0 and at most 1".formatted(efficiency));
      }
    }
  }

  /*
   * Each default with its argument.
   * - NVLink, in a node or across nodes, is driven by cuda_ipc: vllm-project/vllm#55434 moved 4.9 GB
   *   in about 105,000 descriptors and spent 56.9 % of the time posting; with the other 43.1 % at
   *   0.8 of 450 GB/s (13.6 ms) that is 18 ms, 0.17 us each. This is why NVLink loses to RDMA when a
   *   cache is cut very small.
   * - RDMA posts at a twentieth of that (same source) and reaches 0.86 of line rate (DeepEP: 43 of
   *   50 GB/s). 4 KiB over GCP's TCPXO took 600 us, nearly all of it setup (ai-dynamo/nixl#2276).
   * - PCIe between pods of one node is cuda_ipc again, at the slot's rate.
   * - TCP copies through the kernel: half the line rate, and a round trip more.
   * They are corrected by what engines report; they only have to rank transports rightly.
   */
  private static final Map<Transport, Overhead> DEFAULTS =
      Map.of(
          Transport.NVLINK, new Overhead(300e-6, 0.17e-6, 0.80),
          Transport.MNNVL, new Overhead(500e-6, 0.17e-6, 0.80),
          Transport.PCIE, new Overhead(300e-6, 0.17e-6, 0.80),
          Transport.RDMA, new Overhead(600e-6, 0.0085e-6, 0.86),
          Transport.TCP, new Overhead(1200e-6, 0.17e-6, 0.50));

  public TransferCost {
    Map<Transport, Overhead> all = new EnumMap<>(DEFAULTS);
    all.putAll(overheads);
    overheads = Collections.unmodifiableMap(all);
  }

  /** The documented defaults. */
  public static TransferCost defaults() {
    return new TransferCost(Map.of());
  }

  /** The same with some transports replaced. */
  public TransferCost with(Map<Transport, Overhead> changed) {
    Map<Transport, Overhead> merged = new EnumMap<>(Transport.class);
    merged.putAll(overheads);
    merged.putAll(changed);
    return new TransferCost(merged);
  }

  /** What is known of one transfer. */
  public sealed interface Estimate permits Known, Unknown {}

  /**
   * A predicted time.
   *
   * @param seconds predicted time of the transfer
   * @param step the level and transport it takes
   */
  public record Known(double seconds, LocalityPath.Step step) implements Estimate {}

  /** The two pods share no level we know of; choose without this term. */
  public record Unknown(String reason) implements Estimate {}

  /**
   * Predicts a transfer between two pods.
   *
   * @param otherFlows transfers already on the narrowest shared link, 0 or more
   */
  public Estimate estimate(
      LocalityPath from, LocalityPath to, Transfer transfer, double otherFlows) {
    Known best = null;
    for (LocalityPath.Step step : from.sharedWith(to)) {
      double seconds = seconds(step, transfer, otherFlows);
      if (best == null || seconds <= best.seconds()) { // nearer wins ties: paths run far to near
        best = new Known(seconds, step);
      }
    }
    return best == null ? new Unknown("no level in common: " + from + " and " + to) : best;
  }

  /** Predicted seconds of a transfer over one level. */
  public double seconds(LocalityPath.Step step, Transfer transfer, double otherFlows) {
    if (transfer.bytes() == 0) {
      return 0;
    }
    Overhead overhead = overhead(step.transport());
    double bytesPerSecond =
        step.bandwidthGigabytesPerSecond() * 1e9 * overhead.efficiency() / (1 + otherFlows);
    return overhead.setupSeconds()
        + transfer.descriptors() * overhead.postSeconds()
        + transfer.bytes() / bytesPerSecond;
  }

  /** What {@code transport} costs beside its line rate. */
  public Overhead overhead(Transport transport) {
    Overhead overhead = overheads.get(transport);
    if (overhead == null) {
      throw new IllegalStateException("No overhead for " + transport);
    }
    return overhead;
  }
}
