package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reference engine: one prompt at a time, first come first served, into one of its slots, which
 * the answer then holds for as long as it has tokens. Prompts and answers do not disturb each
 * other.
 */
final class FifoEngine implements Engine {
  private final EngineSpec spec;
  private final Clock clock;
  private final Listener listener;
  private final LruBlocks cache;
  private final Queue<Route> prompts = new ArrayDeque<>();
  private final Queue<Route> fetched = new ArrayDeque<>();
  private final Set<Route> decoding = new LinkedHashSet<>();
  private @Nullable Route computing;
  private double computedAt;
  private double busySeconds;
  private double tokenSeconds;
  private double slowdown = 1;

  /** Counts restarts: what was planned before one is void after it. */
  private int life;

  FifoEngine(EngineSpec spec, Clock clock, Listener listener) {
    this.spec = spec;
    this.clock = clock;
    this.listener = listener;
    this.cache = new LruBlocks(spec.cacheBlocks());
  }

  @Override
  public void compute(Route route) {
    prompts.add(route);
    startNext();
  }

  @Override
  public void decode(Route route) {
    fetched.add(route);
    startNext();
  }

  private void startNext() {
    while (!fetched.isEmpty() && freeSlot()) {
      Route route = fetched.remove();
      int[] blocks = route.request().blocks();
      cache.touch(blocks, blocks.length);
      listener.fetched(route);
      hold(route);
    }
    if (computing == null && !prompts.isEmpty() && freeSlot()) {
      start(prompts.remove());
    }
  }

  private boolean freeSlot() {
    return decoding.size() + (computing == null ? 0 : 1) < spec.slots();
  }

  private void start(Route route) {
    Request request = route.request();
    int matched = cache.leading(request.blocks());
    int hit = request.tokens(matched);
    cache.touch(request.blocks(), matched);
    double seconds = slowdown * spec.prefill(Math.max(1, request.inputTokens() - hit));
    computing = route;
    computedAt = clock.now() + seconds;
    busySeconds += seconds;
    listener.started(route, hit);
    int mine = life;
    clock.at(
        computedAt,
        () -> {
          if (life == mine) {
            computed(route);
          }
        });
  }

  private void computed(Route route) {
    int[] blocks = route.request().blocks();
    cache.touch(blocks, blocks.length);
    computing = null;
    if (!route.split()) {
      hold(route);
    }
    listener.computed(route);
    startNext();
  }

  private void hold(Route route) {
    decoding.add(route);
    double seconds = route.request().outputTokens() * spec.streamSeconds();
    int mine = life;
    clock.after(
        seconds,
        () -> {
          if (life == mine) {
            decoding.remove(route);
            tokenSeconds += spec.streamSeconds();
            listener.finished(route);
            startNext();
          }
        });
  }

  @Override
  public LruBlocks cache() {
    return cache;
  }

  @Override
  public double busySeconds() {
    return busySeconds;
  }

  @Override
  public double tokenSeconds() {
    return tokenSeconds;
  }

  @Override
  public double firstTokenSeconds(Request request) {
    double seconds = 0;
    List<int[]> coming = new ArrayList<>();
    if (computing != null) {
      seconds += computedAt - clock.now();
      coming.add(computing.request().blocks());
    }
    for (Route route : prompts) {
      seconds += slowdown * spec.prefill(uncached(route.request(), coming));
      coming.add(route.request().blocks());
    }
    return seconds + slowdown * spec.prefill(uncached(request, coming));
  }

  /** Tokens neither in the cache nor in what is computed before. */
  private int uncached(Request request, List<int[]> coming) {
    int[] blocks = request.blocks();
    int matched = cache.leading(blocks);
    for (int[] before : coming) {
      if (matched < Math.min(before.length, blocks.length) && before[matched] == blocks[matched]) {
        int both = matched;
        while (both < Math.min(before.length, blocks.length) && before[both] == blocks[both]) {
          both++;
        }
        matched = both;
      }
    }
    return Math.max(1, request.inputTokens() - request.tokens(matched));
  }

  @Override
  public void slowdown(double factor) {
    slowdown = factor;
  }

  @Override
  public List<Route> stop() {
    life++;
    List<Route> unanswered = new ArrayList<>(prompts);
    if (computing != null) {
      unanswered.add(computing);
    }
    unanswered.addAll(fetched);
    prompts.clear();
    fetched.clear();
    computing = null;
    decoding.forEach(listener::finished);
    decoding.clear();
    cache.clear();
    return unanswered;
  }
}
