package dev.tandem.router.choose;

import java.util.List;

/** Picks engines for a request. Used from one thread; implementations may remember their last. */
public interface Chooser {

  /** Chooses among the candidates, which may be any number, in any order. */
  Choice choose(Demand demand, List<Candidate> candidates);

  /** The name users select it by. */
  String name();
}
