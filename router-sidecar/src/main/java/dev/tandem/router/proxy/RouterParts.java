package dev.tandem.router.proxy;

import dev.tandem.api.Role;
import dev.tandem.router.RouterConfig;
import dev.tandem.router.Routing;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.peers.PoolView;
import dev.tandem.router.request.InferenceRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What both ports work with. Used from the router's event loop only.
 *
 * @param decisions the newest decisions
 * @param waiting requests in front of full engines
 * @param tokenizer asks engines for token ids
 * @param engine the own engine, or null for a gateway
 * @param health of the own engine, or null for a gateway
 */
record RouterParts(
    Vertx vertx,
    RouterConfig config,
    HttpClientAgent client,
    Pool pool,
    PoolView view,
    Chooser chooser,
    Decisions decisions,
    Waiting waiting,
    Tokenizer tokenizer,
    RouterMetrics metrics,
    @Nullable OwnEngine engine,
    @Nullable EngineHealth health) {

  /** A decision, and what it was made of. */
  record Decided(Fleet fleet, Choice choice) {}

  /** What a request asks for, by its body and its headers. */
  Ask ask(MultiMap headers, InferenceRequest request) {
    request.oddities().forEach(metrics::oddPrompt);
    Routing routing = config.routing();
    String tenant = either(headers, Headers.FAIRNESS, Headers.OLD_FAIRNESS);
    Integer objective = objective(headers);
    Demand demand =
        new Demand(
            request.model(),
            request.inputTokens(),
            request.splittable(),
            request.blocks(),
            routing.session().of(request, headers::get));
    return new Ask(
        Headers.requestId(headers),
        demand,
        objective != null ? objective : vllmPriority(headers, request),
        objective == null || objective >= 0,
        tenant == null ? "" : tenant,
        patience(headers));
  }

  /** Priority of the objective a request names, or null. */
  private @Nullable Integer objective(MultiMap headers) {
    String name = either(headers, Headers.OBJECTIVE, Headers.OLD_OBJECTIVE);
    return name == null ? null : config.routing().objectives().get(name);
  }

  /** vLLM counts the other way: lower is sooner. */
  private static int vllmPriority(MultiMap headers, InferenceRequest request) {
    return (int) -number(headers.get(Headers.VLLM_PRIORITY), request.priority());
  }

  private Duration patience(MultiMap headers) {
    Duration longest = config.routing().queue().longest();
    long wished =
        number(either(headers, Headers.TTFT_MILLIS, Headers.OLD_TTFT_MILLIS), Long.MAX_VALUE);
    return wished > 0 && wished < longest.toMillis() ? Duration.ofMillis(wished) : longest;
  }

  private static @Nullable String either(MultiMap headers, String name, String old) {
    String value = headers.get(name);
    return value != null ? value : headers.get(old);
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.matches("-?[0-9]{1,9}") ? Long.parseLong(text) : otherwise;
  }

  /** The first decision for a request: what a picker chose, where that is there now, or our own. */
  Decided first(Ask ask, Directions.@Nullable Given given) {
    long before = System.nanoTime();
    Fleet fleet = view.arrived(ask.demand().blocks());
    Decided told = given == null ? null : told(ask, given, fleet);
    return told != null ? told : decide(ask, fleet, before);
  }

  /** Chooses once more, without the engines named, or for somebody who only asks. */
  Decided decide(Ask ask, Set<String> except) {
    long before = System.nanoTime();
    return decide(ask, view.fleet(ask.demand().blocks(), except), before);
  }

  private Decided decide(Ask ask, Fleet fleet, long since) {
    Choice choice = chooser.choose(ask.demand(), fleet);
    metrics.decided(System.nanoTime() - since);
    return new Decided(fleet, choice);
  }

  /** What a picker's choice will take; null where one of its engines is not there now. */
  private @Nullable Decided told(Ask ask, Directions.Given given, Fleet fleet) {
    Candidate decode = candidate(fleet, given.decode());
    Candidate prefill = given.prefill() == null ? null : candidate(fleet, given.prefill());
    return decode == null || (given.prefill() != null && prefill == null)
        ? null
        : new Decided(fleet, chooser.told(ask.demand(), prefill, decode, fleet));
  }

  private static @Nullable Candidate candidate(Fleet fleet, Peer peer) {
    for (Candidate candidate : fleet.engines()) {
      if (candidate.name().equals(peer.name())) {
        return candidate;
      }
    }
    return null;
  }

  /** How to reach a member: the own engine directly, any other as its peer says. */
  Target target(Peer peer) {
    Peer self = pool.self();
    return engine != null && self != null && self.name().equals(peer.name())
        ? engine.target()
        : Target.of(peer);
  }

  /**
   * Sends a call; only routers of ours are told what routers tell each other, and what the own
   * engine answers is learnt from.
   */
  Upstream send(Target target, Call call, Upstream.Listener listener) {
    if (target.own() && engine != null) {
      return engine.send(call.withHeaders(Headers.toEngine(call.headers())), listener);
    }
    Call sent = target.router() ? call : call.withHeaders(Headers.toEngine(call.headers()));
    return Leg.send(vertx, client, sent, listener);
  }

  /** What a two-step exchange needs, for the exchange of this id and this decode pod's group. */
  TwoStep.Surroundings surroundings(@Nullable String id, @Nullable String group) {
    return new TwoStep.Surroundings(
        vertx,
        this::send,
        failed -> otherPrefill(group, failed),
        metrics,
        () -> {
          if (id != null) {
            view.prefilled(id);
          }
        },
        config.limits().firstByte(),
        config.limits().answer(),
        config.limits().pullGrace());
  }

  /** The least loaded prefill pod like one that failed, which is then left alone. */
  private @Nullable Target otherPrefill(@Nullable String group, String failed) {
    Peer before = pool.member(failed);
    String compatibility = before == null ? null : before.compatibility();
    view.avoid(failed);
    Candidate least =
        view.candidates(new long[0], Set.of(failed)).stream()
            .filter(c -> c.role() == Role.PREFILL && c.state() == Candidate.State.READY)
            .filter(c -> group != null && group.equals(c.group()))
            .filter(c -> Objects.equals(compatibility, c.compatibility()))
            .min(
                Comparator.comparingLong((Candidate c) -> c.load().pendingTokens())
                    .thenComparing(Candidate::name))
            .orElse(null);
    Peer peer = least == null ? null : pool.member(least.name());
    return peer == null ? null : target(peer);
  }

  static MultiMap copy(MultiMap headers) {
    return MultiMap.caseInsensitiveMultiMap().addAll(headers);
  }
}
