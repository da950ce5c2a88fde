package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

  private static final JsonMapper MAPPER = new JsonMapper();

  private StateLine() {}

  static String write(StateEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    switch (event) {
      case StateEvent.Hello hello -> line.put("hello", hello.pod());
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
      case StateEvent.Speed speed -> line.put("speed", speed.tokensPerSecond());
      case StateEvent.Blocks blocks -> line.put("blocks", text(blocks.hashes()));
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
          Math.max(0, json.path("t").asLong()),
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
      return new StateEvent.Speed(speed);
    } else if (json.has("blocks")) {
      return new StateEvent.Blocks(hashes(json.path("blocks")));
    } else if (json.has("hello")) {
      return new StateEvent.Hello(json.path("hello").asText());
    } else if (json.has("reset")) {
      return new StateEvent.Reset();
    }
    return json.has("beat") ? new StateEvent.Beat() : null;
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
