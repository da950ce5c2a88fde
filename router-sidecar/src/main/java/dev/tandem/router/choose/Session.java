package dev.tandem.router.choose;

import java.util.List;

/**
 * All requests of a session to the same engines, as long as they are there: the session's key picks
 * among those there are, so no table is kept, every router agrees, and a pod that is lost moves
 * only its own sessions. Requests without a session go where fewest are. Stateless.
 */
final class Session {

  private Session() {}

  static double[] costs(Demand demand, List<Candidate> engines) {
    return demand.session() == null
        ? EngineCost.requests(demand, engines)
        : Rendezvous.turns(Rendezvous.key(demand.model() + "\n" + demand.session()), engines);
  }
}
