package dev.tandem.simulator.routing.state;

import dev.tandem.simulator.routing.trace.Request;

/**
 * Where a request goes. Compared by identity: a request that is routed again gets another.
 *
 * @param request what is routed
 * @param prefill engine that computes the prompt for {@code engine}; {@link #NOBODY} when it does
 *     so itself
 * @param engine engine that answers
 * @param uncachedTokens prompt tokens the router takes to be computed
 * @param at when, in seconds
 */
public record Route(Request request, int prefill, int engine, int uncachedTokens, double at) {
  public static final int NOBODY = -1;

  /** One engine does all. */
  public static Route alone(Request request, int engine, int uncachedTokens, double at) {
    return new Route(request, NOBODY, engine, uncachedTokens, at);
  }

  public boolean split() {
    return prefill != NOBODY;
  }

  /** Who computes the prompt. */
  public int computes() {
    return split() ? prefill : engine;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
