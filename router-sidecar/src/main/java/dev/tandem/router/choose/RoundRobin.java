package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Takes decode engines in turn, and prefill engines of the same group in turn, whatever their load:
 * what a Service and a proxy in front of two lists do. Always splits where it can. Remembers its
 * turns.
 */
public final class RoundRobin implements Preference {

  private int decodeTurn;
  private int prefillTurn;

  /**
   * Turns that begin anywhere.
   *
   * @param firstTurn where to begin; different for each of several routers, or all of them would
   *     send their first requests to the same engines
   */
  public RoundRobin(int firstTurn) {
    this.decodeTurn = firstTurn;
    this.prefillTurn = firstTurn;
  }

  /** Nothing costs anything. */
  @Override
  public void predict(Demand demand, Ways ways) {}

  @Override
  public int pick(Demand demand, Ways ways) {
    int engine = turn(ways.alone(), decodeTurn++);
    List<Integer> pairs = new ArrayList<>();
    if (ways.split() && engine < ways.decode().size()) {
      for (int p = 0; p < ways.prefill().size(); p++) {
        if (ways.isOpen(ways.pair(p, engine))) {
          pairs.add(p);
        }
      }
    }
    if (pairs.isEmpty()) {
      return ways.alone(engine);
    }
    List<Candidate> prefill = pairs.stream().map(p -> ways.prefill().get(p)).toList();
    return ways.pair(pairs.get(turn(prefill, prefillTurn++)), engine);
  }

  /** The place of the engine whose turn it is, in the order of names. */
  private static int turn(List<Candidate> engines, int turn) {
    List<Integer> sorted = new ArrayList<>();
    for (int i = 0; i < engines.size(); i++) {
      sorted.add(i);
    }
    sorted.sort(Comparator.comparing(i -> engines.get(i).name()));
    return sorted.get(Math.floorMod(turn, sorted.size()));
  }
}
