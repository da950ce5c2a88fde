package dev.tandem.simulator.routing.fleet;

import dev.tandem.simulator.routing.state.LruBlocks;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

/**
 * An engine that works in steps, as vLLM does with chunked prefill: a step gives every running
 * answer a token and computes prompt tokens, first come first served, for what is left of the
 * step's budget. A step takes {@code overhead + prompt tokens / rate + answers * (stream -
 * overhead) / slots}: prompts and answers disturb each other, and a full batch without prompts
 * takes {@code stream}.
 */
final class BatchedEngine implements Engine {
  private final EngineSpec spec;
  private final int stepTokens;
  private final Clock clock;
  private final Listener listener;
  private final LruBlocks cache;
  private final Deque<Prompt> prompts = new ArrayDeque<>();
  private final Queue<Route> fetched = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean stepping;
  private double busySeconds;
  private double tokenSeconds;
  private double slowdown = 1;
  private int life;

  private static final class Prompt {
    final Route route;
    int left;
    boolean started;

    Prompt(Route route) {
      this.route = route;
      this.left = route.request().inputTokens();
    }
  }

  private static final class Answer {
    final Route route;
    final double since;
    int left;

    Answer(Route route, double since) {
      this.route = route;
      this.since = since;
      this.left = route.request().outputTokens() - 1;
    }
  }

  BatchedEngine(EngineSpec spec, int stepTokens, Clock clock, Listener listener) {
    this.spec = spec;
    this.stepTokens = stepTokens;
    this.clock = clock;
    this.listener = listener;
    this.cache = new LruBlocks(spec.cacheBlocks());
  }

  @Override
  public void compute(Route route) {
    prompts.add(new Prompt(route));
    step();
  }

  @Override
  public void decode(Route route) {
    fetched.add(route);
    step();
  }

  private void step() {
    if (stepping) {
      return;
    }
    List<Route> joining = new ArrayList<>();
    while (!fetched.isEmpty() && taken() + joining.size() < spec.slots()) {
      Route route = fetched.remove();
      cache.touch(route.request().blocks(), route.request().blocks().length);
      joining.add(route);
    }
    int running = answers.size() + joining.size();
    int budget = Math.max(0, stepTokens - running);
    List<Prompt> done = new ArrayList<>();
    int computed = 0;
    Iterator<Prompt> waiting = prompts.iterator();
    while (budget > 0 && waiting.hasNext()) {
      Prompt prompt = waiting.next();
      if (!prompt.started) {
        if (taken() + joining.size() >= spec.slots()) {
          break;
        }
        start(prompt);
      }
      int now = Math.min(budget, prompt.left);
      prompt.left -= now;
      budget -= now;
      computed += now;
      if (prompt.left == 0) {
        done.add(prompt);
      }
    }
    if (running == 0 && computed == 0) {
      return;
    }
    double prefill = slowdown * computed / spec.tokensPerSecond();
    double seconds =
        slowdown * spec.overheadSeconds()
            + prefill
            + running * (spec.streamSeconds() - spec.overheadSeconds()) / spec.slots();
    busySeconds += computed == 0 ? 0 : seconds;
    stepping = true;
    int mine = life;
    clock.after(
        seconds,
        () -> {
          if (life == mine) {
            stepped(joining, done);
          }
        });
  }

  /** Slots of answers, and of the prompts under way. */
  private int taken() {
    int started = 0;
    for (Prompt prompt : prompts) {
      if (!prompt.started) {
        break;
      }
      started++;
    }
    return answers.size() + started;
  }

  private void start(Prompt prompt) {
    Request request = prompt.route.request();
    int matched = cache.leading(request.blocks());
    int hit = request.tokens(matched);
    cache.touch(request.blocks(), matched);
    prompt.left = Math.max(1, request.inputTokens() - hit);
    prompt.started = true;
    listener.started(prompt.route, hit);
  }

  private void stepped(List<Route> joining, List<Prompt> done) {
    stepping = false;
    Iterator<Answer> all = answers.iterator();
    while (all.hasNext()) {
      Answer answer = all.next();
      if (--answer.left <= 0) {
        all.remove();
        end(answer);
      }
    }
    for (Route route : joining) {
      listener.fetched(route);
      answer(route);
    }
    for (Prompt prompt : done) {
      prompts.remove(prompt);
      Route route = prompt.route;
      cache.touch(route.request().blocks(), route.request().blocks().length);
      listener.computed(route);
      if (!route.split()) {
        answer(route);
      }
    }
    step();
  }

  private void answer(Route route) {
    Answer answer = new Answer(route, clock.now());
    if (answer.left <= 0) {
      listener.finished(route);
    } else {
      answers.add(answer);
    }
  }

  private void end(Answer answer) {
    tokenSeconds += (clock.now() - answer.since) / (answer.route.request().outputTokens() - 1);
    listener.finished(answer.route);
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
    double tokens = 0;
    for (Prompt prompt : prompts) {
      tokens += prompt.left;
    }
    int matched = cache.leading(request.blocks());
    return slowdown
        * spec.prefill(tokens + Math.max(1, request.inputTokens() - request.tokens(matched)));
  }

  @Override
  public void slowdown(double factor) {
    slowdown = factor;
  }

  @Override
  public List<Route> stop() {
    life++;
    stepping = false;
    List<Route> unanswered = new ArrayList<>();
    prompts.forEach(prompt -> unanswered.add(prompt.route));
    unanswered.addAll(fetched);
    prompts.clear();
    fetched.clear();
    List<Answer> cut = List.copyOf(answers);
    answers.clear();
    cut.forEach(answer -> listener.finished(answer.route));
    cache.clear();
    return unanswered;
  }
}
