package dev.tandem.router.proxy;

import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.Prediction;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.ApiError;
import dev.tandem.router.request.InferenceRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One inference request on the public port, from its choice to its answer's last byte. Until the
 * first byte it may be tried again on other engines, within the retry budget. Runs on the router's
 * event loop.
 */
final class Exchange implements Waiting.Waiter {

  private final RouterParts parts;
  private final HttpServerResponse client;
  private final InferenceRequest request;
  private final String uri;
  private final MultiMap headers;
  private final Demand demand;
  private final Ask ask;
  private final Directions.@Nullable Given given;
  private final long startedNanos;
  private final Set<String> tried = new HashSet<>();
  private int attemptsLeft;
  private boolean over;
  private @Nullable Upstream upstream;
  private @Nullable Relay relay;
  private @Nullable Attempt attempt;
  private @Nullable Failure lastFailure;
  private boolean arrived;
  private Waiting.@Nullable Place place;
  private String saturation = "";
  private double saturatedSeconds;

  private record Attempt(String id, Candidate decode, @Nullable Candidate prefill, long timer) {}

  private Exchange(
      RouterParts parts,
      HttpServerRequest received,
      InferenceRequest request,
      Directions.@Nullable Given given,
      long startedNanos) {
    this.parts = parts;
    this.startedNanos = startedNanos;
    this.client = received.response();
    this.request = request;
    this.given = given;
    this.uri = received.uri();
    this.ask = parts.ask(received.headers(), request);
    this.headers = Headers.toEngine(received.headers());
    this.headers.set(Headers.REQUEST_ID, ask.requestId());
    this.demand = ask.demand();
    this.attemptsLeft = 1 + parts.config().limits().retries();
  }

  /**
   * Begins.
   *
   * @param given a choice made elsewhere, for the first attempt
   * @param startedNanos when the request was whole
   */
  static void start(
      RouterParts parts,
      HttpServerRequest received,
      InferenceRequest request,
      Directions.@Nullable Given given,
      long startedNanos) {
    Exchange exchange = new Exchange(parts, received, request, given, startedNanos);
    exchange.client.closeHandler(gone -> exchange.clientGone());
    exchange.client.exceptionHandler(gone -> exchange.clientGone());
    parts.waiting().tryNext(); // whoever waited longer goes first
    exchange.attempt();
  }

  private void attempt() {
    if (!take(decide())) {
      place = parts.waiting().admit(this);
      if (place == null) {
        dropped(Dropped.SATURATED);
      }
    }
  }

  private Choice decide() {
    RouterParts.Decided decided = arrived ? parts.decide(ask, tried) : parts.first(ask, given);
    arrived = true;
    Choice choice = decided.choice();
    if (place == null || !(choice instanceof Choice.Saturated)) { // a waiter asks again and again
      parts.decisions().made(Instant.now(), ask.requestId(), demand, decided.fleet(), choice);
    }
    return choice;
  }

  /** Goes where a choice says; false when every engine is full. */
  private boolean take(Choice choice) {
    switch (choice) {
      case Choice.Pair pair -> route(pair.prefill(), pair.decode(), pair.prediction());
      case Choice.Alone alone -> route(null, alone.engine(), alone.prediction());
      case Choice.Saturated saturated -> {
        saturation = String.join(", ", saturated.reasons());
        saturatedSeconds = saturated.seconds();
        return false;
      }
      case Choice.None none ->
          refuse(
              "none",
              Dropped.NO_ENDPOINTS,
              ApiError.unavailable("no engine is ready: " + String.join(", ", none.reasons())));
    }
    return true;
  }

  @Override
  public Ask ask() {
    return ask;
  }

  @Override
  public long bytes() {
    return request.body().length;
  }

  @Override
  public boolean tryNow() {
    Waiting.Place left = place;
    boolean taken = take(decide());
    if (taken && left != null) {
      place = null;
      left.leave();
    }
    return taken;
  }

  @Override
  public void dropped(Dropped why) {
    leaveQueue();
    String full = "every engine is full: " + saturation;
    switch (why) {
      case SHUTTING_DOWN, NO_ENDPOINTS ->
          refuse("none", why, ApiError.unavailable("the router is shutting down"));
      case SATURATED -> refuse("saturated", why, ApiError.saturated(full));
      case TTL_EXPIRED, EVICTED_PRIORITY, CONTEXT_CANCELLED ->
          refuse("saturated", why, ApiError.saturated(why.label() + ", " + full));
    }
  }

  private void leaveQueue() {
    Waiting.Place left = place;
    if (left != null) {
      place = null;
      left.leave();
    }
  }

  private void refuse(String reason, Dropped why, ApiError error) {
    over = true;
    parts.metrics().finished("error");
    if (lastFailure != null) {
      Answers.error(client, lastFailure.error());
    } else {
      parts.metrics().refused(reason);
      parts.metrics().dropped(why);
      Answers.dropped(client, error, why, comeAgain(why));
    }
  }

  /** Seconds after which it would have its turn, as far as is known. */
  private double comeAgain(Dropped why) {
    return switch (why) {
      case SATURATED, TTL_EXPIRED, EVICTED_PRIORITY, CONTEXT_CANCELLED ->
          parts.waiting().seconds(ask.priority(), saturatedSeconds);
      case NO_ENDPOINTS, SHUTTING_DOWN -> 0;
    };
  }

  private void route(@Nullable Candidate prefill, Candidate decode, Prediction prediction) {
    attemptsLeft--;
    Peer decodePeer = parts.pool().member(decode.name());
    Peer prefillPeer = prefill == null ? null : parts.pool().member(prefill.name());
    if (decodePeer == null || (prefill != null && prefillPeer == null)) {
      throw new IllegalStateException("chosen but not in the pool: " + decode + " " + prefill);
    }
    String id = parts.view().nextId();
    parts
        .view()
        .routed(
            id,
            prefill == null ? null : prefill.name(),
            decode.name(),
            prediction.uncachedTokens(),
            demand.blocks());
    parts.metrics().routed(prefill != null);
    parts
        .config()
        .observer()
        .routed(
            id,
            prefill == null ? null : prefill.name(),
            decode.name(),
            prediction.seconds(),
            prediction.transferBytes());
    // Nobody sees the prompt of an answer done that comes whole; it is taken to be as predicted.
    long timer =
        request.stream()
            ? -1
            : parts
                .vertx()
                .setTimer(
                    Math.max(1, (long) (prediction.seconds() * 1000)),
                    fired -> parts.view().prefilled(id));
    attempt = new Attempt(id, decode, prefill, timer);
    MultiMap sent = RouterParts.copy(headers);
    sent.set(Headers.REQUEST, id);
    sent.set(Headers.TOKENS, demand.inputTokens() + "," + prediction.uncachedTokens());
    upstream = dispatch(prefillPeer, decodePeer, sent, prediction.uncachedTokens(), id);
  }

  private Upstream dispatch(
      @Nullable Peer prefill, Peer decode, MultiMap sent, long uncached, String id) {
    Upstream.Listener listener = listener(id);
    Target target = parts.target(decode);
    if (prefill != null && !target.router()) {
      return TwoStep.start(
          parts.surroundings(id, decode.group()),
          parts.target(prefill),
          target,
          uri,
          sent,
          request.json(),
          listener);
    }
    if (prefill != null) {
      sent.set(Headers.PREFILLER, prefill.address());
    }
    Call call =
        new Call(
            target.name(),
            target.host(),
            target.port(),
            HttpMethod.POST,
            uri,
            sent,
            Buffer.buffer(request.body()),
            firstByte());
    OwnEngine engine = parts.engine();
    if (target.own() && engine != null) {
      Call plain = call.withHeaders(headers);
      return request.stream()
          ? engine.sendPrompt(plain, uncached, listener)
          : engine.send(plain, listener);
    }
    return parts.send(target, call, listener);
  }

  /** A router behind this one has the same limits and reports better; it goes first. */
  private Duration firstByte() {
    Duration limit =
        request.stream() ? parts.config().limits().firstByte() : parts.config().limits().answer();
    return limit.plusMillis(limit.toMillis() / 10);
  }

  private Upstream.Listener listener(String id) {
    return new Upstream.Listener() {
      @Override
      public void replied(Reply reply, @Nullable String prefillPod, long cachedTokens) {
        if (isCurrent(id)) {
          answer(reply, prefillPod, cachedTokens);
        } else {
          reply.discard();
        }
      }

      @Override
      public void failed(Failure failure) {
        if (isCurrent(id)) {
          attemptFailed(failure);
        }
      }
    };
  }

  private boolean isCurrent(String id) {
    return !over && attempt != null && attempt.id().equals(id);
  }

  private void attemptFailed(Failure failure) {
    Attempt failed = attempt;
    if (failed == null) {
      return;
    }
    parts.metrics().attemptFailed(failure);
    lastFailure = failure;
    tried.add(failed.decode().name());
    parts.view().avoid(failed.decode().name());
    boolean inBudget =
        System.nanoTime() - startedNanos < parts.config().limits().retryBudget().toNanos();
    if (attemptsLeft > 0 && inBudget) {
      close("retried");
      attempt();
    } else {
      over = true;
      close("error");
      parts.metrics().finished("error");
      Answers.error(client, failure.error());
    }
  }

  private void answer(Reply reply, @Nullable String prefillPod, long cachedTokens) {
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    parts.view().prefilled(current.id());
    parts.metrics().firstToken(seconds);
    parts.config().observer().firstToken(current.id(), seconds);
    String told = reply.header(Headers.PREFILL_POD);
    String prefilledBy = told != null && current.prefill() != null ? told : prefillPod;
    client.putHeader(Headers.DECODE_POD, current.decode().name());
    if (prefilledBy != null) {
      client.putHeader(Headers.PREFILL_POD, prefilledBy);
    }
    String requestId = headers.get(Headers.REQUEST_ID);
    if (requestId != null && reply.header(Headers.REQUEST_ID) == null) {
      client.putHeader(Headers.REQUEST_ID, requestId);
    }
    boolean good = reply.status() < 400;
    relay =
        Relay.start(
            parts.vertx(),
            reply,
            client,
            cachedTokens,
            parts.config().limits().idle(),
            end -> ended(end, good));
  }

  private void ended(Relay.End end, boolean good) {
    if (over) {
      return;
    }
    over = true;
    String outcome =
        switch (end) {
          case COMPLETE -> good ? "ok" : "error";
          case CUT -> "cut";
          case CLIENT_GONE -> "cancelled";
        };
    close(outcome);
    parts.metrics().finished(outcome);
  }

  private void clientGone() {
    if (over) {
      return;
    }
    if (relay != null) {
      relay.cancel();
      return;
    }
    over = true;
    if (place != null) {
      leaveQueue();
      parts.metrics().dropped(Dropped.CONTEXT_CANCELLED);
    }
    if (upstream != null) {
      upstream.cancel();
    }
    close("cancelled");
    parts.metrics().finished("cancelled");
  }

  private void close(String outcome) {
    Attempt closing = attempt;
    if (closing == null) {
      return;
    }
    attempt = null;
    if (closing.timer() >= 0) {
      parts.vertx().cancelTimer(closing.timer());
    }
    parts.view().finished(closing.id());
    parts.config().observer().finished(closing.id(), outcome);
    parts.waiting().ended();
  }
}
