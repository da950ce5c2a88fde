package dev.tandem.router.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.StateLog;
import dev.tandem.router.request.ApiError;
import dev.tandem.router.request.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The port other routers use. Never chooses: with {@value Headers#PREFILLER} it runs the two-step
 * exchange with its own engine decoding, without it it passes the request to its own engine. Only
 * members of the pool are heard, and only members of the pool are called. Runs on the router's
 * event loop.
 */
final class PeerPort {

  private final RouterParts parts;

  PeerPort(RouterParts parts) {
    this.parts = parts;
  }

  void handle(HttpServerRequest request) {
    String path = request.path() == null ? "/" : request.path();
    String from = request.remoteAddress().hostAddress();
    OwnEngine engine = parts.engine();
    if (!parts.pool().admits(from)) {
      refuse(request, "foreign_peer", ApiError.forbidden(from + " is not in this pool"));
    } else if (request.method() == HttpMethod.GET && path.equals(StateLog.PATH)) {
      parts
          .view()
          .log()
          .serve(request.response(), request.getParam("epoch"), request.getParam("next"));
    } else if (Paths.isDenied(path)) {
      refuse(request, "denied_path", ApiError.forbidden(path + " is not open to routers"));
    } else if (engine == null) {
      refuse(request, "no_engine", ApiError.forbidden("this router has no engine"));
    } else {
      ClientBody.read(
          parts.vertx(),
          request,
          parts.config().limits().maxBodyBytes(),
          body -> serve(request, engine, body),
          error -> refuse(request, ClientBody.reason(error), error));
    }
  }

  private void serve(HttpServerRequest request, OwnEngine engine, Buffer body) {
    String prefiller = request.getHeader(Headers.PREFILLER);
    if (prefiller == null) {
      single(request, engine, body);
      return;
    }
    Peer peer = parts.pool().at(prefiller);
    if (peer == null || peer.role() != Role.PREFILL) {
      refuse(
          request,
          "foreign_prefiller",
          ApiError.forbidden(prefiller + " is no prefill pod of this pool"));
      return;
    }
    ObjectNode json = object(body);
    if (json == null) {
      refuse(request, "bad_request", ApiError.badRequest("the body is not a JSON object"));
      return;
    }
    MultiMap headers = Headers.toEngine(request.headers());
    keep(request, headers, Headers.REQUEST);
    keep(request, headers, Headers.TOKENS);
    PassThrough.start(
        parts,
        request,
        listener ->
            TwoStep.start(
                parts.surroundings(request.getHeader(Headers.REQUEST), parts.config().group()),
                parts.target(peer),
                engine.target(),
                request.uri(),
                headers,
                json,
                listener));
  }

  private void single(HttpServerRequest request, OwnEngine engine, Buffer body) {
    boolean prefill = request.getHeader(Headers.LEG) != null;
    boolean prompt = prefill || (Paths.isInference(request.path()) && streams(body));
    Call call =
        new Call(
            engine.target().name(),
            engine.target().host(),
            engine.target().port(),
            request.method(),
            request.uri(),
            Headers.toEngine(request.headers()),
            body,
            prompt ? parts.config().limits().firstByte() : parts.config().limits().answer());
    PassThrough.start(
        parts,
        request,
        listener ->
            prompt
                ? engine.sendPrompt(call, uncachedTokens(request), listener)
                : engine.send(call, listener));
  }

  /** Says with a header that it was the router that refused, so that another pod is tried. */
  private void refuse(HttpServerRequest request, String reason, ApiError error) {
    parts.metrics().refused(reason);
    if (error.status() == 403) {
      request.response().putHeader(Headers.REFUSED, reason);
    }
    Answers.error(request.response(), error);
  }

  private static void keep(HttpServerRequest request, MultiMap headers, String name) {
    String value = request.getHeader(name);
    if (value != null) {
      headers.set(name, value);
    }
  }

  /** Whether the answer will be a stream; a look at the bytes, since the engine parses them. */
  private static boolean streams(Buffer body) {
    ObjectNode json = object(body);
    return json != null && json.path("stream").asBoolean(false);
  }

  private static @Nullable ObjectNode object(Buffer body) {
    try {
      return Json.read(body.getBytes()) instanceof ObjectNode object ? object : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** The second number of {@value Headers#TOKENS}; 0, of which nothing is learnt, without it. */
  private static long uncachedTokens(HttpServerRequest request) {
    String tokens = request.getHeader(Headers.TOKENS);
    int comma = tokens == null ? -1 : tokens.indexOf(',');
    try {
      return tokens == null || comma < 0 ? 0 : Long.parseLong(tokens.substring(comma + 1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
