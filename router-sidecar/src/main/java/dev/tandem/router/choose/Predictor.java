package dev.tandem.router.choose;

import dev.tandem.api.Role;
import dev.tandem.api.Transfer;
import java.util.Arrays;
import java.util.List;

/**
 * The one prediction, of the time to the first token:
 *
 * <pre>
 * pair:  wait(P) + prefill(uncached on P) + seconds(P to D, tokens not on D) + wait(D)
 * alone: wait(D) + prefill(uncached on D)
 * </pre>
 *
 * and, with the weights, of what a way costs: A times the uncached work ({@link UncachedWeight}),
 * and what a prompt computed on a decode engine costs the streams there. Used from one thread.
 *
 * <p>A transfer over a link nobody knows counts as one over the slowest link of the fleet, so that
 * a missing stamp is no advantage; where none is known it is 0 for all. Where links differ by less
 * than the noise of the prediction, all count as the slowest: then load and cache alone decide.
 */
public final class Predictor {

  private final Weights weights;
  private final Links links;

  public Predictor(Weights weights, Links links) {
    this.weights = weights;
    this.links = links;
  }

  /** Gives each open way its cost in seconds. */
  void cost(Demand demand, Ways ways) {
    UncachedWeight weight = weight(ways);
    for (int i = 0; i < ways.alone().size(); i++) {
      Candidate engine = ways.alone().get(i);
      ways.cost(ways.alone(i), alone(demand, engine, weight.on(engine)));
    }
    if (ways.split()) {
      pairs(demand, ways, weight);
    }
  }

  /** What one way would take. */
  Prediction prediction(Demand demand, Ways ways, int way) {
    Candidate prefill = ways.prefillOf(way);
    Candidate decode = ways.decodeOf(way);
    long uncached = prefill.uncached(demand);
    double computing = prefill.speed().computing(uncached);
    double prefilling = prefill.speed().overheadSeconds() + computing;
    double waitPrefill = wait(prefill);
    if (!ways.isPair(way)) {
      double seconds = waitPrefill + prefilling;
      return new Prediction(
          waitPrefill,
          prefilling,
          0,
          0,
          seconds,
          alone(demand, decode, weight(ways).on(decode)),
          0,
          uncached);
    }
    long moved = moved(demand, decode);
    double transfer = links.seconds(prefill, decode, moved);
    if (Double.isNaN(transfer)) {
      transfer = new Transfers(demand, ways).slowest(ways.decode().indexOf(decode));
    }
    double waitDecode = wait(decode);
    double seconds = waitPrefill + prefilling + transfer + waitDecode;
    return new Prediction(
        waitPrefill,
        prefilling,
        transfer,
        waitDecode,
        seconds,
        seconds + (weight(ways).on(prefill) - 1) * computing,
        links.bytes(moved),
        uncached);
  }

  private double alone(Demand demand, Candidate engine, double uncachedWeight) {
    double computing = engine.speed().computing(engine.uncached(demand));
    double prefill = engine.speed().overheadSeconds() + computing;
    double cost = wait(engine) + prefill + (uncachedWeight - 1) * computing;
    if (engine.role() == Role.DECODE) {
      cost += prefill * (weights.secondJob() + weights.stalledStream() * engine.load().decoding());
    }
    return cost;
  }

  private UncachedWeight weight(Ways ways) {
    if (weights.uncached() != Weights.ADAPTIVE) {
      return UncachedWeight.constant(weights.uncached());
    }
    return new UncachedWeight(ways.uncached(), ways.split() ? ways.prefill() : ways.alone());
  }

  private void pairs(Demand demand, Ways ways, UncachedWeight weight) {
    double[] prefill = prefillCosts(demand, ways, weight);
    double[] waits = waits(ways.decode());
    Transfers transfers = new Transfers(demand, ways);
    for (int d = 0; d < waits.length; d++) {
      for (int p = 0; p < prefill.length; p++) {
        ways.cost(ways.pair(p, d), prefill[p] + transfers.slowest(d) + waits[d]);
      }
    }
    if (transfers.spreadIsNoise(ways.least())) {
      return;
    }
    for (int d = 0; d < waits.length; d++) {
      for (int p = 0; p < prefill.length; p++) {
        int way = ways.pair(p, d);
        ways.cost(way, prefill[p] + transfers.seconds(way, d) + waits[d]);
      }
    }
  }

  private double[] prefillCosts(Demand demand, Ways ways, UncachedWeight weight) {
    double[] costs = new double[ways.prefill().size()];
    for (int p = 0; p < costs.length; p++) {
      Candidate engine = ways.prefill().get(p);
      double computing = engine.speed().computing(engine.uncached(demand));
      costs[p] = wait(engine) + engine.speed().overheadSeconds() + weight.on(engine) * computing;
    }
    return costs;
  }

  private double[] waits(List<Candidate> engines) {
    double[] waits = new double[engines.size()];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = wait(engines.get(i));
    }
    return waits;
  }

  /** Queued prompts, a free decode slot, and the time an engine has not been heard of. */
  private double wait(Candidate engine) {
    int beyondSlots = engine.load().decoding() + 1 - weights.decodeSlots();
    double slot =
        beyondSlots <= 0
            ? 0
            : beyondSlots
                * weights.outputTokens()
                * engine.speed().secondsPerToken()
                / weights.decodeSlots();
    return engine.speed().queue(engine.load()) + slot + engine.silentSeconds();
  }

  private static long moved(Demand demand, Candidate decode) {
    return Math.max(0, demand.inputTokens() - decode.cachedTokens());
  }

  /** The transfers of all pairs: a time a decode engine and kind of link, not one a pair. */
  private final class Transfers {
    private final int[] between;
    private final double[][] seconds; // by decode engine and way
    private final double[] slowest; // by decode engine
    private double spread;
    private double longest;

    Transfers(Demand demand, Ways ways) {
      between = links.between(ways.prefill(), ways.decode());
      boolean[] used = new boolean[links.waysKnown()];
      for (int way = 0; way < between.length; way++) {
        used[between[way]] |= ways.isOpen(way);
      }
      seconds = new double[ways.decode().size()][];
      slowest = new double[seconds.length];
      long before = -1;
      for (int d = 0; d < seconds.length; d++) {
        long tokens = moved(demand, ways.decode().get(d));
        if (tokens == before) {
          seconds[d] = seconds[d - 1];
          slowest[d] = slowest[d - 1];
        } else {
          seconds[d] = times(used, links.transfer(tokens), d);
          before = tokens;
        }
      }
    }

    private double[] times(boolean[] used, Transfer transfer, int d) {
      double[] times = new double[used.length];
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (int way = 0; way < used.length; way++) {
        times[way] = used[way] ? links.seconds(way, transfer) : Links.UNKNOWN;
        if (!Double.isNaN(times[way])) {
          least = Math.min(least, times[way]);
          most = Math.max(most, times[way]);
        }
      }
      for (int way = 0; way < times.length; way++) {
        times[way] = Double.isNaN(times[way]) ? most : times[way];
      }
      slowest[d] = most;
      longest = Math.max(longest, most);
      spread = Math.max(spread, most - Math.min(least, most));
      return times;
    }

    double seconds(int way, int d) {
      return seconds[d][between[way]];
    }

    double slowest(int d) {
      return slowest[d];
    }

    boolean spreadIsNoise(double leastCost) {
      double noise =
          Math.max(
              weights.noiseSeconds(),
              Math.max(weights.noiseShare() * leastCost, weights.linkNoise() * longest));
      return spread <= noise;
    }

    @Override
    public String toString() {
      return Arrays.toString(slowest);
    }
  }
}
