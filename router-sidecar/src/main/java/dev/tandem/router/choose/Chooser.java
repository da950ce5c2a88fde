package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks engines for a request: {@code filter -> predict -> pick}. The filter and the prediction
 * told are the same whatever the policy, which gives the ways left a cost and picks one. Used from
 * one thread.
 */
public final class Chooser {

  private final Weights weights;
  private final Predictor predictor;
  private final Preference preference;

  public Chooser(Weights weights, Predictor predictor, Preference preference) {
    this.weights = weights;
    this.predictor = predictor;
    this.preference = preference;
  }

  /** Chooses among the engines of a fleet. */
  public Choice choose(Demand demand, Fleet fleet) {
    Eligible eligible = Eligible.of(demand, fleet, weights.mostInFlight());
    if (eligible.alone().isEmpty()) {
      return eligible.nothing(fleet.engines().size());
    }
    Ways ways = Ways.of(demand, eligible, weights, fleet.uncached());
    preference.predict(demand, ways);
    return choice(demand, ways, preference.pick(demand, ways));
  }

  /** A choice made elsewhere, with what it will take. */
  public Choice told(Demand demand, @Nullable Candidate prefill, Candidate decode, Fleet fleet) {
    List<Candidate> prefills = prefill == null ? List.of() : List.of(prefill);
    List<Candidate> decodes = List.of(decode);
    Eligible eligible = new Eligible(prefills, decodes, decodes, List.of(), List.of());
    Ways ways = Ways.of(demand, eligible, weights, fleet.uncached());
    return choice(demand, ways, ways.split() ? ways.pair(0, 0) : ways.alone(0));
  }

  /** The best ways with their costs, and what was left out: for people and for other pickers. */
  public Explanation explain(Demand demand, Fleet fleet, int most) {
    Eligible eligible = Eligible.of(demand, fleet, weights.mostInFlight());
    Ways ways = Ways.of(demand, eligible, weights, fleet.uncached());
    preference.predict(demand, ways);
    List<Explanation.Way> best = new ArrayList<>();
    for (int way : ways.cheapest(most, any -> true)) {
      best.add(
          new Explanation.Way(
              ways.isPair(way) ? ways.prefillOf(way).name() : null,
              ways.decodeOf(way).name(),
              ways.cost(way),
              predictor.prediction(demand, ways, way)));
    }
    List<String> out = new ArrayList<>(eligible.out());
    eligible.full().forEach(engine -> out.add(engine.name() + " is full"));
    return new Explanation(ways.size(), best, out);
  }

  private Choice choice(Demand demand, Ways ways, int way) {
    Prediction prediction = predictor.prediction(demand, ways, way);
    return ways.isPair(way)
        ? new Choice.Pair(ways.prefillOf(way), ways.decodeOf(way), prediction)
        : new Choice.Alone(ways.decodeOf(way), prediction);
  }
}
