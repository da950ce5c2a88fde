package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts cache transfers between engines from their stamps. Which way two places share is worked
 * out once and remembered, so that a choice among thousands of pairs only looks it up: places are
 * numbered, and a pair of places has the number of its {@link Way}, of which a cluster has as many
 * as it has kinds of links. At most {@value #MOST_PLACES} places; beyond it all is forgotten and
 * learnt anew. Used from one thread.
 */
public final class Links {

  /** No time: not a number, so that no sum with it passes for one. */
  static final double UNKNOWN = Double.NaN;

  /** The way of two places of which one is unknown, or which share no level. */
  static final int NO_WAY = 0;

  // Beyond any prompt: more is an error somewhere, and must not overflow.
  private static final long MOST_TOKENS = 1L << 32;

  private static final int MOST_PLACES = 2_048;
  private static final int NO_PLACE = -1;
  private static final short NOT_YET = -1;

  private final ModelFacts model;
  private final int tensorParallel;
  private final double speedUp;
  private TransferCost cost;

  private final Map<LocalityPath, Integer> places = new HashMap<>();
  // Peers hand over the same object until their stamp changes, and hashing a path is slow.
  private final Map<LocalityPath, Integer> placesByObject = new IdentityHashMap<>();
  private final List<LocalityPath> paths = new ArrayList<>();
  private short[][] wayOf = new short[0][];
  private final Map<List<Hop>, Short> numbers = new HashMap<>();
  private final List<Way> ways = new ArrayList<>();

  /** A level two places share, without its name. */
  private record Hop(Transport transport, double gigabytesPerSecond) {}

  /** The levels two places share: {@code setup + descriptors * post + bytes * perByte} each. */
  private record Way(List<Hop> hops, double[] setup, double[] post, double[] perByte) {

    static Way of(List<Hop> hops, TransferCost cost) {
      int n = hops.size();
      Way way = new Way(hops, new double[n], new double[n], new double[n]);
      for (int i = 0; i < n; i++) {
        Hop hop = hops.get(i);
        TransferCost.Overhead overhead = cost.overhead(hop.transport());
        way.setup[i] = overhead.setupSeconds();
        way.post[i] = overhead.postSeconds();
        way.perByte[i] = 1 / (hop.gigabytesPerSecond() * 1e9 * overhead.efficiency());
      }
      return way;
    }

    /** Over the cheapest level, as {@link TransferCost#estimate}. */
    double seconds(Transfer transfer) {
      if (transfer.bytes() == 0) {
        return hops.isEmpty() ? UNKNOWN : 0;
      }
      double least = UNKNOWN;
      for (int i = 0; i < setup.length; i++) {
        double seconds =
            setup[i] + transfer.descriptors() * post[i] + transfer.bytes() * perByte[i];
        least = seconds >= least ? least : seconds; // also where least is no number yet
      }
      return least;
    }
  }

  /**
   * Links as stamps and defaults know them.
   *
   * @param cost the cost every process shares
   * @param model KV cache facts of the pool's model
   * @param tensorParallel tensor-parallel size of the pool's engines
   * @param speedUp how many times faster than life the engines run
   */
  public Links(TransferCost cost, ModelFacts model, int tensorParallel, double speedUp) {
    if (tensorParallel < 1) {
      throw new IllegalArgumentException(
          "tensorParallel " + tensorParallel + "; accepted: 1 or more");
    }
    if (!(speedUp > 0)) {
      throw new IllegalArgumentException("speedUp " + speedUp + "; accepted: above 0");
    }
    this.cost = cost;
    this.model = model;
    this.tensorParallel = tensorParallel;
    this.speedUp = speedUp;
    forget();
  }

  /** The cost used now. */
  public TransferCost cost() {
    return cost;
  }

  /** What engines reported changes the cost of transports from now on. */
  public void correct(TransferCost corrected) {
    cost = corrected;
    ways.replaceAll(way -> Way.of(way.hops(), corrected));
  }

  /** The level a transfer of this size takes between two places, or null where none is known. */
  public LocalityPath.@Nullable Step step(
      @Nullable LocalityPath from, @Nullable LocalityPath to, long tokens) {
    return from != null
            && to != null
            && cost.estimate(from, to, transfer(Math.max(1, tokens)), 0)
                instanceof TransferCost.Known known
        ? known.step()
        : null;
  }

  /** Cache bytes of this many tokens, over all ranks. */
  public long bytes(long tokens) {
    return Math.min(tokens, MOST_TOKENS) * model.kvBytesPerToken();
  }

  Transfer transfer(long tokens) {
    return model.transfer(Math.min(tokens, MOST_TOKENS), tensorParallel, tensorParallel);
  }

  /** Numbers of ways are below this. */
  int waysKnown() {
    return ways.size();
  }

  /** Seconds of a transfer over a way, or {@link #UNKNOWN}. */
  double seconds(int way, Transfer transfer) {
    return ways.get(way).seconds(transfer) / speedUp;
  }

  /** Seconds to move this many tokens' cache between two engines, or {@link #UNKNOWN}. */
  double seconds(Candidate from, Candidate to, long tokens) {
    int[] between = between(List.of(from), List.of(to));
    return seconds(between[0], transfer(tokens));
  }

  /** The number of the way of each pair, {@code to}-major. */
  int[] between(List<Candidate> from, List<Candidate> to) {
    if (paths.size() + from.size() + to.size() > MOST_PLACES) {
      forget();
    }
    int[] fromPlace = places(from);
    int[] toPlace = places(to);
    int[] between = new int[from.size() * to.size()];
    int i = 0;
    for (int there : toPlace) {
      for (int here : fromPlace) {
        between[i++] = here == NO_PLACE || there == NO_PLACE ? NO_WAY : way(there, here);
      }
    }
    return between;
  }

  private int[] places(List<Candidate> engines) {
    int[] numbered = new int[engines.size()];
    for (int i = 0; i < numbered.length; i++) {
      LocalityPath path = engines.get(i).locality();
      numbered[i] = path == null ? NO_PLACE : place(path);
    }
    return numbered;
  }

  private int place(LocalityPath path) {
    Integer known = placesByObject.get(path);
    if (known != null) {
      return known;
    }
    Integer equal = places.get(path);
    if (equal == null) {
      if (paths.size() >= MOST_PLACES) {
        return NO_PLACE; // a single fleet in more places than this goes by load there
      }
      equal = paths.size();
      places.put(path, equal);
      paths.add(path);
    }
    if (placesByObject.size() >= 2 * MOST_PLACES) {
      placesByObject.clear();
    }
    placesByObject.put(path, equal);
    return equal;
  }

  private int way(int there, int here) {
    short[] row = row(there, here);
    if (row[here] == NOT_YET) {
      row[here] = number(paths.get(here), paths.get(there));
    }
    return row[here];
  }

  private short[] row(int there, int here) {
    if (there >= wayOf.length) {
      wayOf = java.util.Arrays.copyOf(wayOf, Math.max(16, Integer.highestOneBit(there) * 2));
    }
    short[] row = wayOf[there];
    int before = row == null ? 0 : row.length;
    if (here >= before) {
      int length = Math.max(16, Integer.highestOneBit(here) * 2);
      row = row == null ? new short[length] : java.util.Arrays.copyOf(row, length);
      java.util.Arrays.fill(row, before, length, NOT_YET);
      wayOf[there] = row;
    }
    return row;
  }

  private short number(LocalityPath here, LocalityPath there) {
    List<Hop> hops = new ArrayList<>();
    for (LocalityPath.Step step : here.sharedWith(there)) {
      hops.add(new Hop(step.transport(), step.bandwidthGigabytesPerSecond()));
    }
    Short known = numbers.get(hops);
    if (known != null) {
      return known;
    }
    if (ways.size() > Short.MAX_VALUE) {
      return NO_WAY;
    }
    short number = (short) ways.size();
    numbers.put(List.copyOf(hops), number);
    ways.add(Way.of(List.copyOf(hops), cost));
    return number;
  }

  private void forget() {
    places.clear();
    placesByObject.clear();
    paths.clear();
    wayOf = new short[0][];
    numbers.clear();
    ways.clear();
    ways.add(Way.of(List.of(), cost)); // NO_WAY
    numbers.put(List.of(), (short) NO_WAY);
  }
}
