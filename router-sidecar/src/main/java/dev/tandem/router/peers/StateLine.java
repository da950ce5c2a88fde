package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.index.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * State events as lines of JSON. Hashes travel as base64 of little-endian longs; a line with
 * unknown content is ignored, so that newer routers may say more. Stateless.
 */
final class StateLine {

  // A prompt beyond any model's: more says that the sender is wrong, not that the prompt is long.
  private static final long MOST_TOKENS = 1L << 24;

  private static final JsonMapper MAPPER = new JsonMapper();

  private StateLine() {}

  static String write(StateEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    switch (event) {
      case StateEvent.Hello hello -> {
        line.put("hello", hello.pod()).put("epoch", hello.epoch()).put("next", hello.next());
        line.put("snapshot", hello.snapshot()).put("resumed", hello.resumed());
      }
      case StateEvent.Routed routed -> {
        line.put("routed", routed.id());
        if (routed.prefill() != null) {
          line.put("p", routed.prefill());
        }
        line.put("d", routed.decode()).put("t", routed.tokens());
        line.put("h", text(routed.hashes()));
      }
      case StateEvent.Prefilled prefilled -> line.put("prefilled", prefilled.id());
      case StateEvent.Finished finished -> line.put("finished", finished.id());
      case StateEvent.Speed speed -> {
        line.put("speed", speed.tokensPerSecond());
        if (!Double.isNaN(speed.secondsPerToken())) {
          line.put("gap", speed.secondsPerToken());
        }
      }
      case StateEvent.Blocks blocks -> line.put("blocks", text(blocks.hashes()));
      case StateEvent.Stored stored ->
          line.put("stored", text(stored.hashes())).put("tier", stored.tier().ordinal());
      case StateEvent.Removed removed ->
          line.put("removed", text(removed.hashes())).put("tier", removed.tier().ordinal());
      case StateEvent.Status status -> status(line.putObject("status"), status.status());
      case StateEvent.Transferred transferred ->
          transferred(line.putObject("transferred"), transferred.added());
      case StateEvent.Stale stale -> line.put("stale", true);
      case StateEvent.Reset reset -> line.put("reset", true);
      case StateEvent.Beat beat -> line.put("beat", true);
    }
    return line.toString();
  }

  /**
   * Reads a line; null for one that says nothing we know.
   *
   * @throws IOException when it is not JSON, or a known line is malformed
   */
  static @Nullable StateEvent read(byte[] line) throws IOException {
    JsonNode json = MAPPER.readTree(line);
    try {
      return event(json);
    } catch (IllegalArgumentException e) {
      throw new IOException("malformed state line: " + e.getMessage(), e);
    }
  }

  private static @Nullable StateEvent event(JsonNode json) throws IOException {
    if (json.has("routed")) {
      return new StateEvent.Routed(
          json.path("routed").asText(),
          json.hasNonNull("p") ? json.path("p").asText() : null,
          json.path("d").asText(),
          Math.clamp(json.path("t").asLong(), 0, MOST_TOKENS),
          hashes(json.path("h")));
    } else if (json.has("prefilled")) {
      return new StateEvent.Prefilled(json.path("prefilled").asText());
    } else if (json.has("finished")) {
      return new StateEvent.Finished(json.path("finished").asText());
    } else if (json.has("speed")) {
      double speed = json.path("speed").asDouble();
      if (!(speed > 0 && Double.isFinite(speed))) {
        throw new IOException("speed " + json.path("speed") + "; accepted: above 0");
      }
      double gap = json.path("gap").asDouble(Double.NaN);
      return new StateEvent.Speed(speed, gap > 0 && Double.isFinite(gap) ? gap : Double.NaN);
    } else if (json.has("blocks")) {
      return new StateEvent.Blocks(hashes(json.path("blocks")));
    } else if (json.has("stored")) {
      return new StateEvent.Stored(tier(json), hashes(json.path("stored")));
    } else if (json.has("removed")) {
      return new StateEvent.Removed(tier(json), hashes(json.path("removed")));
    } else if (json.has("status")) {
      return new StateEvent.Status(status(json.path("status")));
    } else if (json.has("transferred")) {
      return new StateEvent.Transferred(transferred(json.path("transferred")));
    } else if (json.has("hello")) {
      return new StateEvent.Hello(
          json.path("hello").asText(),
          json.path("epoch").asText(),
          json.path("next").asLong(),
          json.path("snapshot").asInt(),
          json.path("resumed").asBoolean());
    } else if (json.has("stale")) {
      return new StateEvent.Stale();
    } else if (json.has("reset")) {
      return new StateEvent.Reset();
    }
    return json.has("beat") ? new StateEvent.Beat() : null;
  }

  private static void status(ObjectNode json, EngineStatus status) {
    json.put("running", status.running()).put("waiting", status.waiting());
    json.put("usage", status.kvUsage()).put("asleep", status.asleep());
    json.put("cache", status.cacheTokens()).put("block", status.blockTokens());
  }

  private static EngineStatus status(JsonNode json) {
    return new EngineStatus(
        json.path("running").asInt(),
        json.path("waiting").asInt(),
        json.path("usage").asDouble(),
        json.path("asleep").asBoolean(),
        json.path("cache").asLong(),
        json.path("block").asInt());
  }

  private static void transferred(ObjectNode json, TransferTotals added) {
    json.put("count", added.count()).put("seconds", added.seconds());
    json.put("post", added.postSeconds()).put("bytes", added.bytes());
    json.put("descriptors", added.descriptors());
  }

  private static TransferTotals transferred(JsonNode json) {
    return new TransferTotals(
        json.path("count").asDouble(),
        json.path("seconds").asDouble(),
        json.path("post").asDouble(),
        json.path("bytes").asDouble(),
        json.path("descriptors").asDouble());
  }

  private static Tier tier(JsonNode json) throws IOException {
    int tier = json.path("tier").asInt();
    if (tier < 0 || tier >= Tier.values().length) {
      throw new IOException("tier " + tier + "; accepted: 0 to " + (Tier.values().length - 1));
    }
    return Tier.values()[tier];
  }

  private static String text(long[] hashes) {
    ByteBuffer bytes = ByteBuffer.allocate(hashes.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(hashes);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static long[] hashes(JsonNode text) {
    byte[] bytes = Base64.getDecoder().decode(text.asText(""));
    long[] hashes = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(hashes);
    return hashes;
  }
}
