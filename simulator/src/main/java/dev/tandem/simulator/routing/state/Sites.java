package dev.tandem.simulator.routing.state;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.TransferCost;
import java.util.List;

/**
 * Split pools: which engines compute prompts, which answer, where each stands and what moves
 * between them.
 *
 * @param prefill engines below this index compute prompts, the others answer
 * @param places where each engine stands
 * @param cost what a transfer takes on an idle interconnect
 * @param model whose cache moves
 * @param tensorParallel GPUs an engine, which move their shares side by side
 * @param uplinkFlows engines that a switch's uplink lets send at full rate at once
 */
public record Sites(
    int prefill,
    List<LocalityPath> places,
    TransferCost cost,
    ModelFacts model,
    int tensorParallel,
    int uplinkFlows) {

  public Sites {
    places = List.copyOf(places);
    if (prefill < 1 || prefill >= places.size()) {
      throw new IllegalArgumentException(
          "%d prefill of %d engines; accepted: at least one of each kind"
              .formatted(prefill, places.size()));
    }
    if (tensorParallel < 1 || uplinkFlows < 1) {
      throw new IllegalArgumentException(
          "tensor-parallel %d, uplink-flows %d; accepted: 1 or more"
              .formatted(tensorParallel, uplinkFlows));
    }
  }

  public boolean computes(int engine) {
    return engine < prefill;
  }
}
