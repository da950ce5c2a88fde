package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Takes decode engines in turn, and prefill engines of the same group in turn, whatever their load:
 * what a Service and a proxy in front of two lists do. Always splits where it can. Remembers its
 * turns; used from one thread.
 */
public final class RoundRobinChooser implements Chooser {

  public static final String NAME = "round-robin";

  private final Weights weights;
  private final Link link;
  private int decodeTurn;
  private int prefillTurn;

  /**
   * A chooser that begins anywhere.
   *
   * @param firstTurn where to begin; different for each of several routers, or all of them would
   *     send their first requests to the same engines
   */
  public RoundRobinChooser(Weights weights, Link link, int firstTurn) {
    this.weights = weights;
    this.link = link;
    this.decodeTurn = firstTurn;
    this.prefillTurn = firstTurn;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Choice choose(Demand demand, List<Candidate> candidates) {
    Eligible eligible = Eligible.of(demand, candidates, weights.mostInFlight());
    if (eligible.alone().isEmpty()) {
      return eligible.nothing(candidates.size());
    }
    Candidate engine = turn(eligible.alone(), decodeTurn++);
    List<Candidate> prefill = new ArrayList<>();
    if (demand.splittable() && eligible.decode().contains(engine)) {
      eligible.prefill().stream().filter(p -> p.pairsWith(engine)).forEach(prefill::add);
    }
    if (prefill.isEmpty()) {
      return new Choice.Alone(engine, unpredicted(engine.uncached(demand), 0));
    }
    Candidate chosen = turn(prefill, prefillTurn++);
    return new Choice.Pair(
        chosen,
        engine,
        unpredicted(
            chosen.uncached(demand),
            link.bytes(Math.max(0, demand.inputTokens() - engine.cachedTokens()))));
  }

  private static Candidate turn(List<Candidate> candidates, int turn) {
    List<Candidate> sorted = new ArrayList<>(candidates);
    sorted.sort(Comparator.comparing(Candidate::name));
    return sorted.get(Math.floorMod(turn, sorted.size()));
  }

  private static Prediction unpredicted(long uncached, long bytes) {
    return new Prediction(0, 0, bytes, uncached);
  }
}
