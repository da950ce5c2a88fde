package dev.tandem.router.choose;

import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses prefill and decode together by the predicted first token. Stateless.
 *
 * <pre>
 * pair:  wait(P) + A * prefill(uncached on P) + seconds(P to D, tokens not on D) + wait(D)
 * alone: wait(D) + A * prefill(uncached on D) + what the prefill costs the streams on D
 * </pre>
 *
 * The least wins; among those within the noise of the least, the one with fewest requests in
 * flight, then the first by name.
 */
public final class JointChooser implements Chooser {

  public static final String NAME = "tandem";

  private final Weights weights;
  private final Link link;

  public JointChooser(Weights weights, Link link) {
    this.weights = weights;
    this.link = link;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Choice choose(Demand demand, List<Candidate> candidates) {
    Eligible eligible = Eligible.of(demand, candidates, weights.mostInFlight());
    List<Option> options = new ArrayList<>();
    if (demand.splittable()) {
      List<Move> moves = moves(demand, eligible);
      // A missing stamp must be no advantage, and without any stamp load alone must decide.
      double unknown =
          moves.stream().mapToDouble(Move::seconds).filter(Double::isFinite).max().orElse(0);
      for (Move move : moves) {
        double transfer = Double.isFinite(move.seconds()) ? move.seconds() : unknown;
        options.add(pair(demand, move, transfer));
      }
    }
    for (Candidate engine : eligible.alone()) {
      options.add(alone(demand, engine));
    }
    return options.isEmpty() ? eligible.nothing(candidates.size()) : pick(options);
  }

  private record Option(Choice choice, double cost, int inFlight, String name) {}

  /** Cache of {@code tokens} from one engine to another; seconds may be {@link Link#UNKNOWN}. */
  private record Move(Candidate prefill, Candidate decode, long tokens, double seconds) {}

  private List<Move> moves(Demand demand, Eligible eligible) {
    List<Move> moves = new ArrayList<>();
    for (Candidate decode : eligible.decode()) {
      long tokens = Math.max(0, demand.inputTokens() - decode.cachedTokens());
      for (Candidate prefill : eligible.prefill()) {
        if (prefill.pairsWith(decode)) {
          moves.add(new Move(prefill, decode, tokens, link.seconds(prefill, decode, tokens)));
        }
      }
    }
    return moves;
  }

  private Option pair(Demand demand, Move move, double transfer) {
    Candidate prefill = move.prefill();
    Candidate decode = move.decode();
    long uncached = prefill.uncached(demand);
    double computing = prefill.speed().computing(uncached);
    double seconds =
        wait(prefill) + prefill.speed().overheadSeconds() + computing + transfer + wait(decode);
    double cost = seconds + (weights.uncached() - 1) * computing;
    Prediction prediction = new Prediction(seconds, cost, link.bytes(move.tokens()), uncached);
    return new Option(
        new Choice.Pair(prefill, decode, prediction),
        cost,
        prefill.load().inFlight() + decode.load().inFlight(),
        decode.name() + " " + prefill.name());
  }

  private Option alone(Demand demand, Candidate engine) {
    long uncached = engine.uncached(demand);
    double computing = engine.speed().computing(uncached);
    double prefill = engine.speed().overheadSeconds() + computing;
    double seconds = wait(engine) + prefill;
    double cost = seconds + (weights.uncached() - 1) * computing;
    if (engine.role() == Role.DECODE) {
      cost += prefill * (weights.secondJob() + weights.stalledStream() * engine.load().decoding());
    }
    return new Option(
        new Choice.Alone(engine, new Prediction(seconds, cost, 0, uncached)),
        cost,
        engine.load().inFlight(),
        engine.name());
  }

  /** Queued prompts, a free decode slot, and the time an engine has not been heard of. */
  private double wait(Candidate engine) {
    int beyondSlots = engine.load().decoding() + 1 - weights.decodeSlots();
    double slot =
        beyondSlots <= 0 ? 0 : beyondSlots * weights.streamSeconds() / weights.decodeSlots();
    return engine.speed().queue(engine.load()) + slot + engine.silentSeconds();
  }

  private Choice pick(List<Option> options) {
    double least = options.stream().mapToDouble(Option::cost).min().orElseThrow();
    double equal = least + Math.max(weights.noiseSeconds(), weights.noiseShare() * least);
    return options.stream()
        .filter(option -> option.cost() <= equal)
        .min(Comparator.comparingInt(Option::inFlight).thenComparing(Option::name))
        .orElseThrow()
        .choice();
  }
}
