package dev.tandem.router.proxy;

import dev.tandem.api.Role;
import dev.tandem.router.AddressRange;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.request.ApiError;
import dev.tandem.router.request.InferenceRequest;
import dev.tandem.router.request.RequestParser;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port clients use. Chat and plain completions are routed; probes and metrics answered; what
 * steers an engine refused; the rest passed to the own engine, or to the least loaded one where
 * there is none or where its job is prefill. Runs on the router's event loop.
 */
final class PublicPort {

  private static final Logger LOG = LoggerFactory.getLogger(PublicPort.class);
  private static final AddressRange LOOPBACK = new AddressRange("127.0.0.0/8");
  private static final AddressRange LOOPBACK_6 = new AddressRange("::1");
  private static final long METRICS_MILLIS = 1_000;

  private final RouterParts parts;
  private final DecisionPort decisions;

  PublicPort(RouterParts parts) {
    this.parts = parts;
    this.decisions = new DecisionPort(parts);
  }

  void handle(HttpServerRequest request) {
    String path = request.path() == null ? "/" : request.path();
    if (Paths.isDenied(path)) {
      parts.metrics().refused("denied_path");
      Answers.error(request.response(), ApiError.forbidden(path + " is not open to clients"));
    } else if (request.method() == HttpMethod.POST && Paths.isInference(path)) {
      ClientBody.read(
          parts.vertx(),
          request,
          parts.config().limits().maxBodyBytes(),
          body -> infer(request, body),
          error -> refuse(request, ClientBody.reason(error), error));
    } else if (request.method() == HttpMethod.GET && path.equals("/healthz")) {
      Answers.text(request.response(), 200, "ok\n");
    } else if (request.method() == HttpMethod.GET && path.equals("/readyz")) {
      String missing = notReady();
      Answers.text(
          request.response(),
          missing == null ? 200 : 503,
          (missing == null ? "ok" : missing) + "\n");
    } else if (request.method() == HttpMethod.GET && path.equals("/metrics")) {
      metrics(request.response());
    } else if (request.method() == HttpMethod.GET && path.equals("/explain")) {
      explain(request);
    } else if (path.equals("/health") && parts.engine() == null) {
      boolean any = !parts.pool().members().isEmpty();
      Answers.text(request.response(), any ? 200 : 503, "");
    } else {
      pass(request);
    }
  }

  private void infer(HttpServerRequest request, Buffer body) {
    boolean picker = parts.config().routing().trusts(request.remoteAddress().hostAddress());
    long whole = System.nanoTime();
    switch (RequestParser.parse(body.getBytes(), picker)) {
      case RequestParser.Parsed.Valid valid -> infer(request, valid.request(), picker, whole);
      case RequestParser.Parsed.Invalid invalid -> refuse(request, "bad_request", invalid.error());
    }
  }

  private void infer(
      HttpServerRequest received, InferenceRequest request, boolean picker, long whole) {
    if ("true".equalsIgnoreCase(received.getHeader(Headers.ROUTING_REQUEST))) {
      tokenized(received, request, known -> decisions.decide(received, known));
      return;
    }
    Directions directions =
        picker ? Directions.read(received.headers(), parts.pool()) : new Directions.None();
    switch (directions) {
      case Directions.None none ->
          tokenized(
              received, request, known -> Exchange.start(parts, received, known, null, whole));
      case Directions.Given given -> Exchange.start(parts, received, request, given, whole);
      case Directions.Foreign foreign ->
          refuse(received, "foreign_direction", ApiError.forbidden(foreign.reason()));
    }
  }

  /** Goes on once the prompt is known as well as it will be, if the client is still there. */
  private void tokenized(
      HttpServerRequest received, InferenceRequest request, Consumer<InferenceRequest> then) {
    parts
        .tokenizer()
        .tokenized(
            request,
            received.headers(),
            known -> {
              if (received.response().closed()) {
                parts.metrics().finished("cancelled");
                return;
              }
              try {
                then.accept(known);
              } catch (RuntimeException e) {
                // Without an answer the client would wait for ever.
                LOG.error("{} {} failed", received.method(), received.path(), e);
                refuse(received, "internal", ApiError.internal());
              }
            });
  }

  /** Decisions name pods and addresses: for the pool itself, pickers, and whoever is in the pod. */
  private void explain(HttpServerRequest request) {
    String from = request.remoteAddress().hostAddress();
    if (LOOPBACK.contains(from)
        || LOOPBACK_6.contains(from)
        || parts.pool().admits(from)
        || parts.config().routing().trusts(from)) {
      decisions.explain(request);
    } else {
      refuse(
          request,
          "foreign_explain",
          ApiError.forbidden("/explain is open to the pool, trusted pickers and loopback only"));
    }
  }

  private void refuse(HttpServerRequest request, String reason, ApiError error) {
    parts.metrics().refused(reason);
    Answers.error(request.response(), error);
  }

  /** Null when ready, else what is missing. */
  private @Nullable String notReady() {
    if (parts.pool().status() instanceof Pool.Status.Syncing) {
      return "the pods of the pool are not known yet";
    }
    EngineHealth health = parts.health();
    if (health != null) {
      return health.up() ? null : "the engine does not answer /health";
    }
    return parts.pool().members().isEmpty() ? "no pod is in the pool" : null;
  }

  /** The engine's metrics first: whoever scraped vLLM on this port goes on finding them. */
  private void metrics(HttpServerResponse response) {
    response.putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
    OwnEngine engine = parts.engine();
    if (engine == null) {
      response.end(parts.metrics().text());
      return;
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(engine.target().host())
            .setPort(engine.target().port())
            .setURI("/metrics")
            .setConnectTimeout(METRICS_MILLIS)
            .setIdleTimeout(METRICS_MILLIS);
    parts
        .client()
        .request(options)
        .compose(sent -> sent.send())
        .compose(
            answer -> answer.body().map(body -> answer.statusCode() == 200 ? body.toString() : ""))
        .otherwise("")
        .onSuccess(engines -> {
          if (!response.ended() && !response.closed()) {
            String gap = engines.isEmpty() || engines.endsWith("\n") ? "" : "\n";
            response.end(engines + gap + parts.metrics().text());
          }
        });
  }

  private void pass(HttpServerRequest request) {
    ClientBody.read(
        parts.vertx(),
        request,
        parts.config().limits().maxBodyBytes(),
        body -> passBody(request, body),
        error -> refuse(request, ClientBody.reason(error), error));
  }

  private void passBody(HttpServerRequest request, Buffer body) {
    Target target = passTarget(request.method());
    if (target == null) {
      parts.metrics().refused("none");
      Answers.error(request.response(), ApiError.unavailable("no engine is ready"));
      return;
    }
    MultiMap headers = Headers.toEngine(request.headers());
    headers.set(Headers.REQUEST_ID, Headers.requestId(request.headers()));
    Call call =
        new Call(
            target.name(),
            target.host(),
            target.port(),
            request.method(),
            request.uri(),
            headers,
            body,
            parts.config().limits().answer());
    PassThrough.start(parts, request, listener -> parts.send(target, call, listener));
  }

  /** Questions go to the own engine; work does not go to one whose job is prefill. */
  private @Nullable Target passTarget(HttpMethod method) {
    OwnEngine engine = parts.engine();
    boolean question = method == HttpMethod.GET || method == HttpMethod.HEAD;
    if (engine != null && (question || parts.config().role() != Role.PREFILL)) {
      return engine.target();
    }
    Choice choice =
        parts
            .chooser()
            .choose(
                new Demand("", 1, false), Fleet.of(parts.view().candidates(new long[0], Set.of())));
    if (choice instanceof Choice.Alone alone) {
      Peer peer = parts.pool().member(alone.engine().name());
      return peer == null ? null : parts.target(peer);
    }
    return engine == null ? null : engine.target();
  }
}
