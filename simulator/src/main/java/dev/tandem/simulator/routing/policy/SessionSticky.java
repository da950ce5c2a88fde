package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A session stays where it began, at the engine that then had the fewest requests. Where the trace
 * names no sessions, the session is who owns the deepest known block that is not shared by more
 * than {@value #SHARED} of all requests.
 */
final class SessionSticky extends LeastCost {
  private static final double SHARED = 0.2;
  private static final int NOBODY = -1;

  private final int[] owner;
  private final int[] seen;
  private final Map<Integer, Integer> homes = new HashMap<>();
  private int requests;
  private int home = NOBODY;

  SessionSticky(Knowledge knowledge) {
    super(knowledge);
    owner = new int[knowledge.distinctBlocks()];
    seen = new int[knowledge.distinctBlocks()];
    Arrays.fill(owner, NOBODY);
  }

  @Override
  void begin(Request request) {
    if (request.session() >= 0) {
      home = homes.getOrDefault(request.session(), NOBODY);
      return;
    }
    home = NOBODY;
    for (int block : request.blocks()) {
      if (owner[block] == NOBODY) {
        break;
      }
      if (seen[block] <= SHARED * requests) {
        home = owner[block];
      }
    }
  }

  @Override
  double cost(Request request, int engine) {
    return engine == home ? -1 : knowledge.loads().inFlight(engine);
  }

  @Override
  public void routed(Route route) {
    requests++;
    if (route.request().session() >= 0) {
      homes.putIfAbsent(route.request().session(), route.engine());
    }
    for (int block : route.request().blocks()) {
      seen[block]++;
      if (owner[block] == NOBODY) {
        owner[block] = route.engine();
      }
    }
  }

  @Override
  public void engine(int engine, boolean up) {
    homes.values().removeIf(home -> home == engine);
    for (int block = 0; block < owner.length; block++) {
      if (owner[block] == engine) {
        owner[block] = NOBODY;
      }
    }
  }
}
