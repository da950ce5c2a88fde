package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.List;

/**
 * The candidates by what they may do for a request: the filter in front of every chooser.
 *
 * @param prefill engines that may compute the prompt for another
 * @param decode engines that may generate with a cache from another
 * @param alone engines that may do both; prefill engines only when nobody else is left, since every
 *     stream they serve keeps a prompt waiting
 * @param full names of engines at the bound of requests
 */
record Eligible(
    List<Candidate> prefill, List<Candidate> decode, List<Candidate> alone, List<String> full) {

  static Eligible of(Demand demand, List<Candidate> candidates, int mostInFlight) {
    List<Candidate> prefill = new ArrayList<>();
    List<Candidate> decode = new ArrayList<>();
    List<Candidate> both = new ArrayList<>();
    List<String> full = new ArrayList<>();
    boolean anyServesModel = candidates.stream().anyMatch(c -> demand.model().equals(c.model()));
    for (Candidate candidate : candidates) {
      // A name nobody serves may be a LoRA adapter: then any engine may know it, or say 404.
      if (anyServesModel
          && candidate.model() != null
          && !demand.model().equals(candidate.model())) {
        continue;
      }
      if (candidate.load().inFlight() >= mostInFlight) {
        full.add(candidate.name() + " has " + candidate.load().inFlight() + " requests");
        continue;
      }
      switch (candidate.role()) {
        case PREFILL -> prefill.add(candidate);
        case DECODE -> decode.add(candidate);
        case BOTH, TARGET -> both.add(candidate);
        case DRAFT -> {} // proposes tokens for its target and answers nobody
      }
    }
    List<Candidate> alone = new ArrayList<>(decode);
    alone.addAll(both);
    return new Eligible(prefill, decode, alone.isEmpty() ? prefill : alone, full);
  }

  /** What to answer when nothing is eligible. */
  Choice nothing(int candidates) {
    return full.isEmpty()
        ? new Choice.None(List.of(candidates + " engines known, none may serve this request"))
        : new Choice.Saturated(full);
  }
}
