package dev.tandem.router;

import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.Links;
import dev.tandem.router.choose.Predictor;
import dev.tandem.router.choose.Preference;
import dev.tandem.router.choose.RoundRobin;
import dev.tandem.router.choose.Tandem;
import dev.tandem.router.choose.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a router chooses, by the name users select it by. */
public enum Policy {
  TANDEM("prefill and decode together, by the predicted time to the first token", "tandem"),
  ROUND_ROBIN("in turn, whatever the load", "RoundRobin", "round-robin");

  private final String summary;
  private final List<String> labels;

  Policy(String summary, String... labels) {
    this.summary = summary;
    this.labels = List.of(labels);
  }

  /** The value in flags and files. */
  public String label() {
    return labels.getFirst();
  }

  /** What it does, in one line. */
  public String summary() {
    return summary;
  }

  /**
   * The policy of this label.
   *
   * @throws IllegalArgumentException naming the accepted ones
   */
  public static Policy of(String label) {
    for (Policy policy : values()) {
      if (policy.labels.contains(label)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "policy '%s'; accepted: %s"
            .formatted(
                label,
                Arrays.stream(values())
                    .flatMap(policy -> policy.labels.stream())
                    .collect(Collectors.joining(", "))));
  }

  /**
   * A chooser with this policy.
   *
   * @param weights constants of the prediction
   * @param links predicts transfers; not to be shared between threads
   * @param seed where turns begin; different for each of several routers, or all of them would send
   *     their first requests to the same engines
   */
  public Chooser chooser(Weights weights, Links links, int seed) {
    Predictor predictor = new Predictor(weights, links);
    return new Chooser(weights, predictor, preference(weights, predictor, seed));
  }

  private Preference preference(Weights weights, Predictor predictor, int seed) {
    return switch (this) {
      case TANDEM -> new Tandem(weights, predictor);
      case ROUND_ROBIN -> new RoundRobin(seed);
    };
  }
}
