package dev.tandem.router.choose;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * The ways a request may be served: each pair of a prefill and a decode engine, then each engine
 * alone, with a cost each. A way is a number from 0 on. Flat arrays, so that thousands of pairs
 * cost no objects. Used from one thread.
 */
public final class Ways {

  /** The cost of a way that is not open. */
  public static final double CLOSED = Double.POSITIVE_INFINITY;

  private static final int NO_GROUP = -1;

  private final List<Candidate> prefill;
  private final List<Candidate> decode;
  private final List<Candidate> alone;
  private final int pairs;
  private final double[] cost;
  private final double uncached;

  private Ways(Eligible eligible, int pairs, double uncached) {
    this.prefill = eligible.prefill();
    this.decode = eligible.decode();
    this.alone = eligible.alone();
    this.pairs = pairs;
    this.cost = new double[pairs + alone.size()];
    this.uncached = uncached;
  }

  static Ways of(Demand demand, Eligible eligible, Weights weights, double uncached) {
    boolean split = demand.splittable() && demand.inputTokens() >= weights.splitTokens();
    int pairs = split ? eligible.prefill().size() * eligible.decode().size() : 0;
    Ways ways = new Ways(eligible, pairs, uncached);
    if (pairs > 0) {
      ways.closePairs(demand, weights);
    }
    return ways;
  }

  /** Only engines of one group whose caches agree pair; group is compared once an engine. */
  private void closePairs(Demand demand, Weights weights) {
    Map<String, Integer> groups = new HashMap<>();
    int[] of = new int[prefill.size()];
    for (int p = 0; p < of.length; p++) {
      of[p] = group(prefill.get(p), groups);
    }
    for (int d = 0; d < decode.size(); d++) {
      Candidate engine = decode.get(d);
      boolean kept = engine.uncached(demand) < weights.splitUncachedTokens();
      int group = kept ? NO_GROUP : group(engine, groups);
      for (int p = 0; p < of.length; p++) {
        if (group == NO_GROUP || of[p] != group) {
          cost[pair(p, d)] = CLOSED;
        }
      }
    }
  }

  private static int group(Candidate engine, Map<String, Integer> groups) {
    if (engine.group() == null) {
      return NO_GROUP;
    }
    String key =
        engine.compatibility() == null
            ? engine.group()
            : engine.group() + "\n" + engine.compatibility();
    Integer known = groups.putIfAbsent(key, groups.size());
    return known == null ? groups.size() - 1 : known;
  }

  /** Engines that may compute the prompt for another. */
  public List<Candidate> prefill() {
    return prefill;
  }

  /** Engines that may generate with a cache from another. */
  public List<Candidate> decode() {
    return decode;
  }

  /** Engines that may do both, beginning with those of {@link #decode}. */
  public List<Candidate> alone() {
    return alone;
  }

  /** How many ways there are, closed ones included. */
  public int size() {
    return cost.length;
  }

  /** Whether there are pairs at all. */
  public boolean split() {
    return pairs > 0;
  }

  /** The way of this prefill and this decode engine, by their places in the lists. */
  public int pair(int prefillAt, int decodeAt) {
    return decodeAt * prefill.size() + prefillAt;
  }

  /** The way of one engine alone, by its place in the list. */
  public int alone(int aloneAt) {
    return pairs + aloneAt;
  }

  public boolean isPair(int way) {
    return way < pairs;
  }

  /** Where the prompt is computed. */
  public Candidate prefillOf(int way) {
    return isPair(way) ? prefill.get(way % prefill.size()) : alone.get(way - pairs);
  }

  /** Where the answer is generated. */
  public Candidate decodeOf(int way) {
    return isPair(way) ? decode.get(way / prefill.size()) : alone.get(way - pairs);
  }

  public boolean isOpen(int way) {
    return cost[way] != CLOSED;
  }

  public double cost(int way) {
    return cost[way];
  }

  /**
   * Sets the cost of an open way; a closed one stays closed. One that is no number, or beyond all
   * numbers, is the worst there is: an absurd report of an engine must not take it out.
   */
  public void cost(int way, double now) {
    if (cost[way] != CLOSED) {
      cost[way] = now < Double.MAX_VALUE ? now : Double.MAX_VALUE;
    }
  }

  /** Takes a way out: the policy does not serve requests so. */
  public void close(int way) {
    cost[way] = CLOSED;
  }

  /** A, the weight of uncached work where nobody waits. */
  public double uncached() {
    return uncached;
  }

  /** The least cost; {@link #CLOSED} where nothing is open. */
  public double least() {
    double least = CLOSED;
    for (double each : cost) {
      least = Math.min(least, each);
    }
    return least;
  }

  /**
   * Among the ways that cost at most this, the one with fewest requests in flight, then the first
   * by the names of its engines; -1 where there is none.
   */
  public int leastBusy(double mostCost) {
    int best = -1;
    for (int way = 0; way < cost.length; way++) {
      if (cost[way] <= mostCost && isOpen(way) && (best < 0 || before(way, best))) {
        best = way;
      }
    }
    return best;
  }

  /**
   * The less busy of two drawn among the ways that cost at most this; -1 where there is none. Where
   * many routers choose at once by news of the same age, all of them would find the same one least
   * busy: of two drawn by each, it is rarely the same.
   */
  int lessBusyOfTwo(double mostCost, RandomGenerator random) {
    int first = -1;
    int second = -1;
    int found = 0;
    for (int way = 0; way < cost.length; way++) {
      if (cost[way] <= mostCost && isOpen(way)) {
        // Each of the ways found so far is equally likely to be one of the two.
        int place = found < 2 ? found : random.nextInt(found + 1);
        found++;
        if (place == 0) {
          first = way;
        } else if (place == 1) {
          second = way;
        }
      }
    }
    return second < 0 || before(first, second) ? first : second;
  }

  /** The open ways that match, cheapest first, at most so many. For explanations. */
  int[] cheapest(int most, IntPredicate wanted) {
    return java.util.stream.IntStream.range(0, cost.length)
        .filter(way -> isOpen(way) && wanted.test(way))
        .boxed()
        .sorted((a, b) -> cost[a] != cost[b] ? Double.compare(cost[a], cost[b]) : order(a, b))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private boolean before(int way, int other) {
    int busy = inFlight(way) - inFlight(other);
    return busy != 0 ? busy < 0 : order(way, other) < 0;
  }

  private int order(int way, int other) {
    int byDecode = decodeOf(way).name().compareTo(decodeOf(other).name());
    return byDecode != 0 ? byDecode : name(way).compareTo(name(other));
  }

  /** An engine alone comes before its pairs. */
  private String name(int way) {
    return isPair(way) ? prefillOf(way).name() : "";
  }

  private int inFlight(int way) {
    int decoding = decodeOf(way).load().inFlight();
    return isPair(way) ? decoding + prefillOf(way).load().inFlight() : decoding;
  }

  @Override
  public String toString() {
    return prefill.size() + "x" + decode.size() + "+" + alone.size() + " " + Arrays.toString(cost);
  }
}
