package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;

/**
 * When the requests of a trace come.
 *
 * @param stretch the trace's own times are multiplied by this; gaps within a session are not, since
 *     they are people's and tools'
 * @param sessions sessions open at once, each beginning when one has ended; 0 where they begin at
 *     their own times
 */
public record Pace(double stretch, int sessions) {

  public Pace {
    if (!(stretch >= 0 && Double.isFinite(stretch))) {
      throw new IllegalArgumentException("stretch " + stretch + "; accepted: 0 or more");
    }
    if (sessions < 0) {
      throw new IllegalArgumentException("sessions " + sessions + "; accepted: 0 or more");
    }
  }

  /**
   * The pace at which engines would be busy with prompts for {@code load} of the time if nothing
   * were ever cached. A trace whose requests all begin at once stays as it is.
   */
  public static Pace at(double load, Trace trace, int engines, EngineSpec engine, int sessions) {
    if (!(load > 0 && load <= 100)) {
      throw new IllegalArgumentException("load " + load + "; accepted: above 0, to 100");
    }
    double work = 0;
    for (Request request : trace.requests()) {
      work += engine.prefill(request.inputTokens());
    }
    double span = trace.span();
    return new Pace(span == 0 ? 1 : work / (engines * load * span), sessions);
  }
}
