package dev.tandem.simulator.routing.state;

import dev.tandem.simulator.routing.trace.Request;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one router knows to be on each engine. Events may come late, in any order between two
 * requests, or not at all; those of one request count once each. One thread.
 */
public final class EngineLoads implements RouterEvents {
  private final int[] waiting;
  private final int[] computing;
  private final int[] decoding;
  private final long[] inputTokens;
  private final long[] uncachedTokens;
  private final int[] activeBlocks;
  private final boolean[] up;
  private final int[] waitingBlocks;
  private final Map<Route, Phase> phases = new HashMap<>();

  /** Over before it was heard that they were routed. */
  private final Set<Route> early = new HashSet<>();

  private enum Phase {
    WAITING,
    COMPUTING,
    DECODING
  }

  public EngineLoads(int engines) {
    waiting = new int[engines];
    computing = new int[engines];
    decoding = new int[engines];
    inputTokens = new long[engines];
    uncachedTokens = new long[engines];
    activeBlocks = new int[engines];
    waitingBlocks = new int[engines];
    up = new boolean[engines];
    Arrays.fill(up, true);
  }

  public int engines() {
    return up.length;
  }

  /** Whether an engine is believed to answer. */
  public boolean up(int engine) {
    return up[engine];
  }

  /** Requests routed there whose prompt is not being computed yet. */
  public int waiting(int engine) {
    return waiting[engine];
  }

  /** Requests routed there whose prompt is not computed yet. */
  public int pending(int engine) {
    return waiting[engine] + computing[engine];
  }

  /** Requests it generates tokens for, or will once their prompt is computed elsewhere. */
  public int decoding(int engine) {
    return decoding[engine];
  }

  /** Requests there in any state. */
  public int inFlight(int engine) {
    return waiting[engine] + computing[engine] + decoding[engine];
  }

  /** Prompt tokens of requests routed there whose prompt is not computed yet. */
  public long inputTokens(int engine) {
    return inputTokens[engine];
  }

  /** The same without what was believed to be cached. */
  public long uncachedTokens(int engine) {
    return uncachedTokens[engine];
  }

  /** Prompt blocks of requests from the start of their computation to their last token. */
  public int activeBlocks(int engine) {
    return activeBlocks[engine];
  }

  /** Prompt blocks of requests routed there whose prompt is not being computed yet. */
  public int waitingBlocks(int engine) {
    return waitingBlocks[engine];
  }

  @Override
  public void routed(Route route) {
    if (!early.remove(route) && phases.putIfAbsent(route, Phase.WAITING) == null) {
      count(route, Phase.WAITING, 1);
    }
  }

  @Override
  public void started(Route route) {
    move(route, Phase.COMPUTING);
  }

  @Override
  public void computed(Route route, double at) {
    move(route, Phase.DECODING);
  }

  @Override
  public void finished(Route route) {
    Phase phase = phases.remove(route);
    if (phase != null) {
      count(route, phase, -1);
    } else {
      early.add(route);
    }
  }

  @Override
  public void engine(int engine, boolean there) {
    up[engine] = there;
  }

  private void move(Route route, Phase to) {
    Phase from = phases.get(route);
    if (from != null && from.compareTo(to) < 0) {
      count(route, from, -1);
      phases.put(route, to);
      count(route, to, 1);
    }
  }

  private void count(Route route, Phase phase, int sign) {
    Request request = route.request();
    int computes = route.computes();
    if (phase == Phase.DECODING) {
      decoding[route.engine()] += sign;
      activeBlocks[route.engine()] += sign * request.blocks().length;
      return;
    }
    inputTokens[computes] += (long) sign * request.inputTokens();
    uncachedTokens[computes] += (long) sign * route.uncachedTokens();
    if (phase == Phase.WAITING) {
      waiting[computes] += sign;
      waitingBlocks[computes] += sign * request.blocks().length;
    } else {
      computing[computes] += sign;
      activeBlocks[computes] += sign * request.blocks().length;
    }
    if (route.split()) {
      decoding[route.engine()] += sign;
    }
  }
}
