package dev.tandem.standin.transfer;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import org.jspecify.annotations.Nullable;

/**
 * How long a pull takes: the shared cost over the cheapest level both engines have. Where one does
 * not say where it is, or they share no level, it is the slowest default link: 3.1 GB/s of TCP.
 *
 * @param seconds of the whole transfer, modelled
 * @param postSeconds the part spent posting descriptors
 */
record TransferTime(double seconds, double postSeconds) {
  private static final TransferCost COST = TransferCost.defaults();
  private static final LocalityPath.Step UNKNOWN =
      new LocalityPath.Step("unknown", "unknown", 3.1, Transport.TCP);

  static TransferTime of(
      @Nullable LocalityPath from, @Nullable LocalityPath to, Transfer transfer, int otherFlows) {
    LocalityPath.Step step = UNKNOWN;
    double seconds = COST.seconds(UNKNOWN, transfer, otherFlows);
    if (from != null
        && to != null
        && COST.estimate(from, to, transfer, otherFlows) instanceof TransferCost.Known known) {
      step = known.step();
      seconds = known.seconds();
    }
    TransferCost.Overhead overhead = COST.overheads().get(step.transport());
    double post = overhead == null ? 0 : overhead.postSeconds() * transfer.descriptors();
    return new TransferTime(seconds, Math.min(post, seconds));
  }
}
