package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.List;

/**
 * The engines by what they may do for a request: the filter in front of every policy.
 *
 * @param prefill engines that may compute the prompt for another
 * @param decode engines that may generate with a cache from another
 * @param alone engines that may do both: first those of {@code decode}, in the same order, then
 *     those that do both by trade; prefill engines only when nobody else is left, since every
 *     stream they serve keeps a prompt waiting
 * @param full engines at the bound of requests
 * @param out why others are left out
 */
record Eligible(
    List<Candidate> prefill,
    List<Candidate> decode,
    List<Candidate> alone,
    List<Candidate> full,
    List<String> out) {

  /** Engines a refusal names; more are counted. */
  private static final int MOST_NAMED = 8;

  static Eligible of(Demand demand, Fleet fleet, int mostInFlight) {
    List<Candidate> prefill = new ArrayList<>();
    List<Candidate> decode = new ArrayList<>();
    List<Candidate> both = new ArrayList<>();
    List<Candidate> full = new ArrayList<>();
    List<String> out = new ArrayList<>();
    // A name nobody serves may be a LoRA adapter: then any engine may know it, or say 404.
    boolean modelKnown = served(demand.model(), fleet);
    for (Candidate candidate : fleet.engines()) {
      if (modelKnown && candidate.model() != null && !demand.model().equals(candidate.model())) {
        continue;
      }
      switch (candidate.state()) {
        case SLEEPING -> out.add(candidate.name() + " sleeps");
        case DRAINING -> out.add(candidate.name() + " is being deleted");
        case READY -> {
          if (candidate.load().inFlight() >= mostInFlight) {
            full.add(candidate);
          } else {
            switch (candidate.role()) {
              case PREFILL -> prefill.add(candidate);
              case DECODE -> decode.add(candidate);
              case BOTH, TARGET -> both.add(candidate);
              case DRAFT -> {} // proposes tokens for its target and answers nobody
            }
          }
        }
      }
    }
    List<Candidate> alone = new ArrayList<>(decode);
    alone.addAll(both);
    return new Eligible(prefill, decode, alone.isEmpty() ? prefill : alone, full, out);
  }

  private static boolean served(String model, Fleet fleet) {
    for (Candidate candidate : fleet.engines()) {
      if (model.equals(candidate.model())) {
        return true;
      }
    }
    return false;
  }

  /** What to answer when nothing is eligible, out of so many engines. */
  Choice nothing(int engines) {
    if (!full.isEmpty()) {
      return new Choice.Saturated(
          named(
              full.stream()
                  .map(c -> c.name() + " has " + c.load().inFlight() + " requests")
                  .toList()),
          full.stream().mapToDouble(c -> c.speed().queue(c.load())).min().orElse(0));
    }
    List<String> reasons = new ArrayList<>();
    reasons.add(engines + " engines known, none may serve this request");
    reasons.addAll(named(out));
    return new Choice.None(reasons);
  }

  private static List<String> named(List<String> reasons) {
    if (reasons.size() <= MOST_NAMED) {
      return reasons;
    }
    List<String> some = new ArrayList<>(reasons.subList(0, MOST_NAMED));
    some.add((reasons.size() - MOST_NAMED) + " more");
    return some;
  }
}
