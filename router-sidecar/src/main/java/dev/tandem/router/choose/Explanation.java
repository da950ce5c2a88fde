package dev.tandem.router.choose;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a choice looked at.
 *
 * @param considered ways there were, closed ones included
 * @param best the best open ones, cheapest first
 * @param out engines left out, with the reason
 */
public record Explanation(int considered, List<Way> best, List<String> out) {

  /**
   * A way to serve the request.
   *
   * @param prefill where the prompt would be computed for another, or null
   * @param decode where the answer would be generated
   * @param cost what the policy gives it, in the policy's own unit; lower is better
   * @param prediction what it would take
   */
  public record Way(@Nullable String prefill, String decode, double cost, Prediction prediction) {}

  public Explanation {
    best = List.copyOf(best);
    out = List.copyOf(out);
  }
}
