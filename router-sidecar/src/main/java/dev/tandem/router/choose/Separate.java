package dev.tandem.router.choose;

import java.util.List;

/**
 * Prefill and decode engines each by themselves, as other routers choose them: every engine has a
 * cost of its own, a pair the sum, and a request is split wherever it can be.
 */
final class Separate implements Preference {

  /** What each engine of a list costs, by itself or beside the others. */
  interface EngineCosts {
    double[] of(Demand demand, List<Candidate> engines);
  }

  private final EngineCosts costs;

  Separate(EngineCosts costs) {
    this.costs = costs;
  }

  @Override
  public void predict(Demand demand, Ways ways) {
    double[] alone = costs.of(demand, ways.alone());
    for (int i = 0; i < alone.length; i++) {
      ways.cost(ways.alone(i), alone[i]);
    }
    if (!ways.split()) {
      return;
    }
    double[] prefill = costs.of(demand, ways.prefill());
    for (int d = 0; d < ways.decode().size(); d++) {
      boolean paired = false;
      for (int p = 0; p < prefill.length; p++) {
        int way = ways.pair(p, d);
        paired |= ways.isOpen(way);
        ways.cost(way, alone[d] + prefill[p]);
      }
      if (paired) {
        ways.close(ways.alone(d));
      }
    }
  }

  /** Equals by fewest in flight, then by name. */
  @Override
  public int pick(Demand demand, Ways ways) {
    return ways.leastBusy(ways.least());
  }
}
