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
  TANDEM(Summary.TANDEM, "tandem"),
  GPU_LOAD_AWARE(Summary.GPU_LOAD_AWARE, "gpu-load-aware"),
  PREFIX_HASH(Summary.PREFIX_HASH, "PrefixHash"),
  ROUND_ROBIN(Summary.ROUND_ROBIN, "RoundRobin", "round-robin"),
  LEAST_REQUESTS(Summary.LEAST_REQUESTS, "LeastRequests"),
  SESSION(Summary.SESSION, "Session"),
  GIE_P3_Q2_K2(Summary.GIE_P3_Q2_K2, "gie_p3_q2_k2");

  /** What each does, in one line; constants, since the help of a flag can hold nothing else. */
  static final class Summary {
    static final String TANDEM = "prefill and decode together, by the predicted first token";
    static final String GPU_LOAD_AWARE = "least loaded by the engine's own queue and cache usage";
    static final String PREFIX_HASH =
        "equal beginnings to equal engines: consistent hashing, bounded loads";
    static final String ROUND_ROBIN = "in turn, whatever the load";
    static final String LEAST_REQUESTS = "fewest requests on the engine";
    static final String SESSION = "a session stays on its engines; others as LeastRequests";
    static final String GIE_P3_Q2_K2 =
        "the Gateway API inference extension's scores: prefix 3, queue 2, cache 2";

    private Summary() {}
  }

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
                    .map(policy -> String.join(" or ", policy.labels))
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
      case TANDEM -> new Tandem(weights, predictor, seed);
      case GPU_LOAD_AWARE -> Preference.gpuLoadAware(weights);
      case PREFIX_HASH -> Preference.prefixHash();
      case ROUND_ROBIN -> new RoundRobin(seed);
      case LEAST_REQUESTS -> Preference.leastRequests();
      case SESSION -> Preference.session();
      case GIE_P3_Q2_K2 -> Preference.gie(weights);
    };
  }
}
