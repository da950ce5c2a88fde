package dev.tandem.simulator.routing.policy;

import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.router.Policy;
import dev.tandem.router.choose.CachePressure;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.choose.Links;
import dev.tandem.router.choose.SpeedLearner;
import dev.tandem.router.choose.Weights;
import dev.tandem.router.index.ApproximateIndex;
import dev.tandem.router.index.Matches;
import dev.tandem.router.index.PrefixIndex;
import dev.tandem.router.peers.LoadView;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.state.Sites;
import dev.tandem.simulator.routing.trace.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The product: its chooser on its own view of load, its prefix index, its learnt speeds and its
 * cache pressure, fed with what a router hears.
 */
final class Tandem implements RoutingPolicy {
  private static final String MODEL = "llama-3-70b";

  /** One engine, as its own router knows it. */
  private static final class Member {
    final Candidate idle;
    SpeedLearner speed = new SpeedLearner(EngineSpeed.PRIOR);

    Member(Candidate idle) {
      this.idle = idle;
    }
  }

  private final Knowledge knowledge;
  private final Chooser chooser;
  private final PrefixIndex index;
  private final LoadView load;
  private final CachePressure pressure = new CachePressure(Request.BLOCK_TOKENS);
  private final List<Member> members = new ArrayList<>();
  private final Map<String, Integer> engines = new HashMap<>();
  private final Map<Route, String> sent = new HashMap<>();
  private long lastId;

  /**
   * A router.
   *
   * @param stamped whether it knows where engines stand; if not, load and cache alone decide
   */
  Tandem(Knowledge knowledge, boolean stamped) {
    this.knowledge = knowledge;
    this.chooser =
        Policy.TANDEM.chooser(Weights.DEFAULT, links(knowledge.sites()), knowledge.router());
    this.index = new ApproximateIndex(knowledge.cacheBlocks());
    this.load = new LoadView(() -> (long) (knowledge.clock().getAsDouble() * 1e9));
    for (int i = 0; i < knowledge.engines(); i++) {
      Member member = new Member(idle(i, knowledge.sites(), stamped));
      members.add(member);
      engines.put(member.idle.name(), i);
    }
  }

  private static Links links(@Nullable Sites sites) {
    return sites == null
        ? new Links(TransferCost.defaults(), ModelFacts.of(MODEL), 1, 1)
        : new Links(sites.cost(), sites.model(), sites.tensorParallel(), 1);
  }

  /** Names in the order of indexes: among equals the first by name is taken. */
  private static Candidate idle(int engine, @Nullable Sites sites, boolean stamped) {
    String name = "engine-%04d".formatted(engine);
    if (sites == null) {
      return Candidate.idle(name, Role.BOTH, null, MODEL);
    }
    Role role = sites.computes(engine) ? Role.PREFILL : Role.DECODE;
    Candidate idle = Candidate.idle(name, role, "pool", MODEL);
    return stamped ? idle.withLocality(sites.places().get(engine)) : idle;
  }

  @Override
  public Route choose(Request request, double at) {
    long[] hashes = hashes(request);
    Matches matches = index.match(hashes);
    pressure.seen(hashes.length, matches.lost());
    List<Candidate> there = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      if (knowledge.loads().up(i)) {
        there.add(candidate(members.get(i), request, matches));
      }
    }
    Demand demand = new Demand(MODEL, request.inputTokens(), true);
    return switch (chooser.choose(demand, new Fleet(there, pressure.weight()))) {
      case Choice.Alone alone ->
          Route.alone(
              request, engine(alone.engine()), (int) alone.prediction().uncachedTokens(), at);
      case Choice.Pair pair ->
          new Route(
              request,
              engine(pair.prefill()),
              engine(pair.decode()),
              (int) pair.prediction().uncachedTokens(),
              at);
      // None is up, or all are full: the first in turn will be asked again.
      case Choice.Saturated saturated -> Route.alone(request, 0, request.inputTokens(), at);
      case Choice.None none -> Route.alone(request, 0, request.inputTokens(), at);
    };
  }

  private Candidate candidate(Member member, Request request, Matches matches) {
    String name = member.idle.name();
    return member
        .idle
        .withLoad(load.load(name))
        .withSpeed(member.speed.speed())
        .withCachedTokens(request.tokens(matches.blocks(name)));
  }

  private int engine(Candidate candidate) {
    return engines.getOrDefault(candidate.name(), 0);
  }

  private String name(int engine) {
    return members.get(engine).idle.name();
  }

  @Override
  public void routed(Route route) {
    String id = Long.toString(++lastId);
    sent.put(route, id);
    String prefill = route.split() ? name(route.prefill()) : null;
    load.routed("", id, prefill, name(route.engine()), route.uncachedTokens());
    long[] hashes = hashes(route.request());
    if (prefill != null) {
      index.add(prefill, hashes);
    }
    index.add(name(route.engine()), hashes);
  }

  @Override
  public void computed(Route route, double at) {
    String id = sent.get(route);
    if (id != null) {
      load.prefilled(id);
    }
    // The engine's own router learns this from its own clock and tells the others.
    members.get(route.computes()).speed.observed(route.at(), at, route.uncachedTokens());
  }

  @Override
  public void finished(Route route) {
    String id = sent.remove(route);
    if (id != null) {
      load.finished("", id);
    }
  }

  @Override
  public void engine(int engine, boolean up) {
    index.clear(name(engine));
    members.get(engine).speed = new SpeedLearner(EngineSpeed.PRIOR);
  }

  /** Numbers of blocks, spread as hashes are. */
  private static long[] hashes(Request request) {
    long[] hashes = new long[request.blocks().length];
    for (int i = 0; i < hashes.length; i++) {
      long mixed = (request.blocks()[i] + 1) * 0x9E37_79B9_7F4A_7C15L;
      mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
      hashes[i] = mixed ^ mixed >>> 32;
    }
    return hashes;
  }
}
