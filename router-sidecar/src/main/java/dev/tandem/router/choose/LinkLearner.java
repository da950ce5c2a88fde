package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Corrects what transfers are predicted to take by what engines report they took: of each transport
 * the seconds a descriptor and the share of the line rate that is reached. Used from one thread.
 *
 * <p>An engine reports sums over all it fetched, and not from whom. So its router notes the links
 * of the exchanges it ran meanwhile, and sums are used only when those were all of one kind.
 * Medians of the last reports, and never more than {@value #MOST_TIMES} times off the default: a
 * wrong unit or a mixed-up report must not turn a near link into a far one for good.
 */
public final class LinkLearner {

  private static final double MOST_TIMES = 8;

  // Smaller transfers are over before the line rate matters.
  private static final long LEAST_BYTES = 1 << 20;

  private final Links links;
  private final TransferCost defaults;
  private final double speedUp;
  private final Map<Transport, Learnt> learnt = new EnumMap<>(Transport.class);
  private final Map<String, Fetches> fetches = new HashMap<>();
  private long unused;

  private record Kind(@Nullable Transport transport, double gigabytesPerSecond) {}

  private static final Kind UNKNOWN = new Kind(null, 0);

  /** The kinds of links an engine fetched over: since its last report, and before that. */
  private static final class Fetches {
    Set<Kind> now = new HashSet<>();
    Set<Kind> before = new HashSet<>();

    /** The only kind, or null. */
    @Nullable Kind reported() {
      Set<Kind> all = new HashSet<>(now);
      all.addAll(before);
      before = now;
      now = new HashSet<>();
      Kind any = all.size() == 1 ? all.iterator().next() : null;
      return UNKNOWN.equals(any) ? null : any;
    }
  }

  private static final class Learnt {
    final RecentMedian post;
    final RecentMedian efficiency;

    Learnt(TransferCost.Overhead overhead) {
      post = new RecentMedian(overhead.postSeconds());
      efficiency = new RecentMedian(overhead.efficiency());
    }
  }

  /**
   * Learns for these links.
   *
   * @param speedUp how many times faster than life the engines run
   */
  public LinkLearner(Links links, double speedUp) {
    this.links = links;
    this.defaults = links.cost();
    this.speedUp = speedUp;
  }

  /** An engine is about to fetch a cache of about this many tokens. */
  public void fetching(
      String engine, @Nullable LocalityPath from, @Nullable LocalityPath to, long tokens) {
    LocalityPath.Step step = links.step(from, to, tokens);
    Fetches own = fetches.computeIfAbsent(engine, name -> new Fetches());
    if (own.now.size() < 2) { // two kinds already tell that they cannot be told apart
      own.now.add(
          step == null ? UNKNOWN : new Kind(step.transport(), step.bandwidthGigabytesPerSecond()));
    }
  }

  /** An engine's histograms grew by this; used where it can be told of which kind of link. */
  public void fetched(String engine, ObservedTransfers growth) {
    Fetches own = fetches.get(engine);
    Kind kind = own == null ? null : own.reported();
    if (kind == null || kind.transport() == null || !growth.plausible()) {
      unused++;
    } else {
      learn(kind.transport(), kind.gigabytesPerSecond(), growth);
    }
  }

  /** An engine is gone. */
  public void forget(String engine) {
    fetches.remove(engine);
  }

  private void learn(Transport transport, double gigabytesPerSecond, ObservedTransfers growth) {
    TransferCost.Overhead standard = defaults.overhead(transport);
    Learnt known = learnt.computeIfAbsent(transport, t -> new Learnt(standard));
    double post = growth.postSeconds() * speedUp / growth.descriptors();
    known.post.add(clamp(post, standard.postSeconds(), TransferCost.Overhead.MOST_POST_SECONDS));
    double wire =
        (growth.seconds() - growth.postSeconds()) * speedUp
            - growth.transfers() * standard.setupSeconds();
    if (growth.bytes() / growth.transfers() >= LEAST_BYTES && wire > 0) {
      double share = growth.bytes() / wire / (gigabytesPerSecond * 1e9);
      known.efficiency.add(clamp(share, standard.efficiency(), 1));
    }
    links.correct(
        links
            .cost()
            .with(
                Map.of(
                    transport,
                    new TransferCost.Overhead(
                        standard.setupSeconds(), known.post.value(), known.efficiency.value()))));
  }

  /** Reports that said nothing of one kind of link. */
  public long unused() {
    return unused;
  }

  private static double clamp(double value, double standard, double most) {
    return Math.clamp(value, standard / MOST_TIMES, Math.min(most, standard * MOST_TIMES));
  }
}
