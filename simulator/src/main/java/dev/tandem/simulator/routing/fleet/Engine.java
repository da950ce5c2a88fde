package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.List;

/** One modelled engine. One thread, the clock's. */
interface Engine {

  /** What an engine says about the requests on it. */
  interface Listener {
    /** A prompt begins to be computed, with so many tokens cached. */
    void started(Route route, int hitTokens);

    /** A prompt is computed; without a split this is the first token. */
    void computed(Route route);

    /** The first token of a request whose cache came from elsewhere. */
    void fetched(Route route);

    /** The last token. */
    void finished(Route route);
  }

  /** A request to compute the prompt of, and to answer unless another engine does. */
  void compute(Route route);

  /** A request to answer, whose cache has arrived from the engine that computed it. */
  void decode(Route route);

  LruBlocks cache();

  /** Seconds it has spent on prompts. */
  double busySeconds();

  /** Seconds from a request's first token to its last, a token, summed over finished requests. */
  double tokenSeconds();

  /** Seconds until this prompt would be computed if it came now. */
  double firstTokenSeconds(Request request);

  /** From now on prompts take this many times as long; 1 is as modelled. */
  void slowdown(double factor);

  /** Drops everything, the cache too. Those whose first token had not come are returned. */
  List<Route> stop();
}
