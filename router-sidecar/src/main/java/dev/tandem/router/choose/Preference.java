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

  /** The least loaded by the engines' own queues and cache usage. */
  static Preference gpuLoadAware(Weights weights) {
    return new Separate(EngineCost.gpuLoad(weights));
  }

  /** Requests that begin alike to the same engine, within bounds of its load. */
  static Preference prefixHash() {
    return new PrefixHash();
  }

  /** Fewest requests. */
  static Preference leastRequests() {
    return new Separate(EngineCost::requests);
  }

  /** A session stays where it is. */
  static Preference session() {
    return new Separate(Session::costs);
  }

  /** The weighted scores of the Gateway API inference extension, 3, 2 and 2. */
  static Preference gie(Weights weights) {
    return new Separate(EngineCost.gie(weights));
  }
}
