package dev.tandem.simulator.placement;

import dev.tandem.api.ModelFacts;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a transfer of one reference prompt is said to take. Immutable.
 *
 * @param cost overheads of the transports
 * @param model whose KV cache moves
 * @param wholeCache whether one link carries the whole cache, or each tensor-parallel rank its own
 *     share side by side
 */
public record Prediction(TransferCost cost, ModelFacts model, boolean wholeCache) {
  /** Median prompt of the conversation trace of Mooncake, in tokens. */
  public static final int REFERENCE_PROMPT_TOKENS = 6909;

  /** Bytes over the line rate, nothing else: the yardstick published placements are stated in. */
  public static Prediction lineRate(ModelFacts model) {
    Map<Transport, TransferCost.Overhead> none = new EnumMap<>(Transport.class);
    for (Transport transport : Transport.values()) {
      none.put(transport, new TransferCost.Overhead(0, 0, 1));
    }
    return new Prediction(new TransferCost(none), model, true);
  }

  /** The product's own prediction, with the documented defaults. */
  public static Prediction calibrated(ModelFacts model) {
    return new Prediction(TransferCost.defaults(), model, false);
  }

  Transfer transfer(Workload workload) {
    return wholeCache
        ? new Transfer(REFERENCE_PROMPT_TOKENS * model.kvBytesPerToken(), 0)
        : model.transfer(
            REFERENCE_PROMPT_TOKENS,
            Math.max(1, workload.prefillGpus()),
            Math.max(1, workload.decodeGpus()));
  }
}
