package dev.tandem.router.proxy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.Explanation;
import dev.tandem.router.choose.Prediction;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import org.jspecify.annotations.Nullable;

/**
 * Decisions as JSON, described in docs/router-api.md. Stateless.
 *
 * <p>Names are those of the pool, addresses those at which clients reach the pods.
 */
final class DecisionJson {

  private DecisionJson() {}

  /** A decision: what was asked, who was chosen or why nobody, and the best ways there were. */
  static ObjectNode write(
      String policy, Demand demand, Choice choice, Explanation explanation, Pool pool) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("policy", policy);
    json.put("model", demand.model());
    json.put("inputTokens", demand.inputTokens());
    json.put("outcome", outcome(choice));
    switch (choice) {
      case Choice.Pair pair -> {
        json.set("prefill", engine(pair.prefill(), pool));
        json.set("decode", engine(pair.decode(), pool));
        json.set("prediction", prediction(pair.prediction()));
      }
      case Choice.Alone alone -> {
        json.set("decode", engine(alone.engine(), pool));
        json.set("prediction", prediction(alone.prediction()));
      }
      case Choice.Saturated saturated -> {}
      case Choice.None none -> {}
    }
    ArrayNode reasons = json.putArray("reasons");
    choice.reasons().forEach(reasons::add);
    json.put("considered", explanation.considered());
    ArrayNode candidates = json.putArray("candidates");
    for (Explanation.Way way : explanation.best()) {
      ObjectNode one = candidates.addObject();
      if (way.prefill() != null) {
        one.put("prefill", way.prefill());
      }
      one.put("decode", way.decode()).put("score", way.cost());
      one.set("prediction", prediction(way.prediction()));
    }
    ArrayNode out = json.putArray("out");
    explanation.out().forEach(out::add);
    return json;
  }

  private static String outcome(Choice choice) {
    return switch (choice) {
      case Choice.Pair pair -> "pair";
      case Choice.Alone alone -> "endpoint";
      case Choice.Saturated saturated -> "saturated";
      case Choice.None none -> "none";
    };
  }

  private static ObjectNode engine(Candidate engine, Pool pool) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("worker", engine.name());
    Peer peer = pool.member(engine.name());
    put(json, "endpoint", peer == null ? null : peer.servingAddress());
    json.put("cachedTokens", engine.cachedTokens());
    json.put("pendingTokens", engine.load().pendingTokens());
    json.put("pendingRequests", engine.load().pendingRequests());
    json.put("decoding", engine.load().decoding());
    json.put("tokensPerSecond", Math.round(engine.speed().tokensPerSecond()));
    put(json, "locality", engine.locality() == null ? null : engine.locality().toString());
    return json;
  }

  private static ObjectNode prediction(Prediction prediction) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("seconds", rounded(prediction.seconds()));
    json.put("waitPrefillSeconds", rounded(prediction.waitPrefill()));
    json.put("prefillSeconds", rounded(prediction.prefill()));
    json.put("transferSeconds", rounded(prediction.transfer()));
    json.put("waitDecodeSeconds", rounded(prediction.waitDecode()));
    json.put("uncachedTokens", prediction.uncachedTokens());
    json.put("transferBytes", prediction.transferBytes());
    return json;
  }

  private static void put(ObjectNode json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  /** To the microsecond: nothing predicted is more exact. */
  private static double rounded(double seconds) {
    return Math.round(seconds * 1e6) / 1e6;
  }
}
