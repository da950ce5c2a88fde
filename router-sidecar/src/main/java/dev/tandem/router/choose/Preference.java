package dev.tandem.router.choose;

/**
 * What a policy prefers: the one extension point. The filter in front of it is the same for all, so
 * it sees only ways that are open. Used from one thread; {@link #pick} may remember its turns,
 * {@link #predict} changes nothing but the costs, since it also serves explanations.
 */
public interface Preference {

  /** Gives each open way a cost; lower is better, any unit. They are 0 before. */
  void predict(Demand demand, Ways ways);

  /** The way to take. Called only when one is open, after {@link #predict}. */
  int pick(Demand demand, Ways ways);
}
