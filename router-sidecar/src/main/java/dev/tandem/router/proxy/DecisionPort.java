package dev.tandem.router.proxy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Explanation;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.ApiError;
import dev.tandem.router.request.InferenceRequest;
import dev.tandem.router.request.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decisions without the request: for front ends that send it themselves, and for people who want to
 * know why. Runs on the router's event loop.
 */
final class DecisionPort {

  /** Ways a decision names; the others are counted. */
  private static final int MOST_WAYS = 16;

  private final RouterParts parts;

  DecisionPort(RouterParts parts) {
    this.parts = parts;
  }

  /** Answers with the choice for a request, and does not route it. */
  void decide(HttpServerRequest received, InferenceRequest request) {
    Ask ask = parts.ask(received.headers(), request);
    RouterParts.Decided decided = parts.decide(ask, Set.of());
    Explanation explanation = parts.chooser().explain(ask.demand(), decided.fleet(), MOST_WAYS);
    HttpServerResponse response = received.response();
    switch (decided.choice()) {
      case Choice.Pair pair -> {
        destination(response, pair.decode());
        Peer prefill = parts.pool().member(pair.prefill().name());
        if (prefill != null) {
          response.putHeader(Headers.PREFILLER, prefill.servingAddress());
        }
      }
      case Choice.Alone alone -> destination(response, alone.engine());
      case Choice.Saturated saturated -> {
        response.setStatusCode(429);
        Answers.retryAfter(response, parts.waiting().seconds(ask.priority(), saturated.seconds()));
        response.putHeader(Headers.DROPPED, Dropped.SATURATED.label());
      }
      case Choice.None none -> {
        response.setStatusCode(503);
        Answers.retryAfter(response, 0);
        response.putHeader(Headers.DROPPED, Dropped.NO_ENDPOINTS.label());
      }
    }
    ObjectNode json =
        DecisionJson.write(
            parts.config().routing().policy().label(),
            ask.demand(),
            decided.choice(),
            explanation,
            parts.pool());
    tokens(json, request.tokens());
    answer(response, json);
  }

  /** The newest decisions, at most {@code n} of them, each explained as it was then. */
  void explain(HttpServerRequest request) {
    String wanted = request.getParam("n", "16");
    if (!wanted.matches("[0-9]{1,4}")) {
      Answers.error(
          request.response(), ApiError.badRequest("n '" + wanted + "'; accepted: a number"));
      return;
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode list = root.putArray("decisions");
    for (Decisions.Decision made : parts.decisions().last(Integer.parseInt(wanted))) {
      ObjectNode json =
          DecisionJson.write(
              parts.config().routing().policy().label(),
              made.demand(),
              made.choice(),
              parts.chooser().explain(made.demand(), made.fleet(), MOST_WAYS),
              parts.pool());
      list.addObject().put("at", made.at().toString()).put("request", made.request()).setAll(json);
    }
    answer(request.response(), root);
  }

  private void destination(HttpServerResponse response, Candidate decode) {
    response.putHeader(Headers.WORKER, decode.name());
    Peer peer = parts.pool().member(decode.name());
    if (peer != null) {
      response.putHeader(Headers.DESTINATION, peer.servingAddress());
    }
  }

  private static void tokens(ObjectNode json, int @Nullable [] tokens) {
    if (tokens != null) {
      ArrayNode list = json.putArray("tokens");
      for (int token : tokens) {
        list.add(Integer.toUnsignedLong(token));
      }
    }
  }

  private static void answer(HttpServerResponse response, ObjectNode json) {
    if (!response.ended() && !response.closed()) {
      response.putHeader("content-type", "application/json").end(Buffer.buffer(Json.bytes(json)));
    }
  }
}
