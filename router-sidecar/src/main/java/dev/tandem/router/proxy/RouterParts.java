package dev.tandem.router.proxy;

import dev.tandem.api.Role;
import dev.tandem.router.RouterConfig;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.peers.PoolView;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What both ports work with. Used from the router's event loop only.
 *
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
    RouterMetrics metrics,
    @Nullable OwnEngine engine,
    @Nullable EngineHealth health) {

  /** How to reach a member: the own engine directly, any other as its peer says. */
  Target target(Peer peer) {
    Peer self = pool.self();
    return engine != null && self != null && self.name().equals(peer.name())
        ? engine.target()
        : Target.of(peer);
  }

  /** Sends a call; only routers of ours are told what routers tell each other. */
  Upstream send(Target target, Call call, Upstream.Listener listener) {
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

  /** The least loaded prefill pod of the group but one that failed, which is then left alone. */
  private @Nullable Target otherPrefill(@Nullable String group, String failed) {
    view.avoid(failed);
    Candidate least =
        view.candidates(new long[0], Set.of(failed)).stream()
            .filter(c -> c.role() == Role.PREFILL && group != null && group.equals(c.group()))
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
