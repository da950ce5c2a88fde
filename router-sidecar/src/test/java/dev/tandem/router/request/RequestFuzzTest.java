package dev.tandem.router.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a body is, it is read or refused, and what is forwarded is what came. */
class RequestFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20260830);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 4_000);

  private static final String[] KEYS = {
    "prompt",
    "messages",
    "model",
    "tools",
    "content",
    "role",
    "text",
    "type",
    "image_url",
    "uuid",
    "cache_salt",
    "session_id",
    "user",
    "priority",
    "stream",
    "n",
    "tokens",
    "kv_transfer_params",
    "vllm_xargs",
    "prompt_embeds",
    "tool_calls",
    "best_of",
    "x"
  };

  private final Random random = new Random(SEED);

  @Test
  void everyShapeOfJsonIsReadWithAPositiveLength() {
    for (int i = 0; i < ROUNDS; i++) {
      String body = object(4);
      check(body.getBytes(StandardCharsets.UTF_8), "seed " + SEED + ", round " + i + ": " + body);
    }
  }

  @Test
  void bytesChangedAtRandomAreReadOrRefused() {
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body = object(3).getBytes(StandardCharsets.UTF_8);
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      check(body, "seed " + SEED + ", round " + i);
    }
  }

  private static void check(byte[] body, String round) {
    for (boolean picker : new boolean[] {false, true}) {
      switch (RequestParser.parse(body.clone(), picker)) {
        case RequestParser.Parsed.Valid valid -> {
          InferenceRequest request = valid.request();
          assertThat(request.inputTokens()).as(round).isPositive();
          assertThat((long) request.blocks().length)
              .as(round)
              .isLessThanOrEqualTo(request.inputTokens());
          assertThat(request.json().has("kv_transfer_params")).as(round).isFalse();
          boolean changed = request.body().length != body.length;
          assertThat(changed || java.util.Arrays.equals(request.body(), body)).as(round).isTrue();
          LegBodies.prefill(request.json());
          LegBodies.aggregated(request.json());
        }
        case RequestParser.Parsed.Invalid invalid ->
            assertThat(invalid.error().status()).as(round).isEqualTo(400);
      }
    }
  }

  private String object(int depth) {
    StringBuilder json = new StringBuilder("{");
    for (int i = random.nextInt(6); i > 0; i--) {
      json.append('"').append(KEYS[random.nextInt(KEYS.length)]).append("\":");
      json.append(value(depth)).append(i > 1 ? "," : "");
    }
    return json.append('}').toString();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 6)) {
      case 0 -> "null";
      case 1 -> Boolean.toString(random.nextBoolean());
      case 2 -> Integer.toString(random.nextInt());
      case 3 -> "1" + "0".repeat(random.nextInt(40)) + ".5e-" + random.nextInt(9);
      case 4, 5 -> "\"" + text() + "\"";
      case 6, 7 -> object(depth - 1);
      default -> list(depth - 1);
    };
  }

  private String list(int depth) {
    StringBuilder json = new StringBuilder("[");
    boolean ids = random.nextInt(3) == 0;
    for (int i = random.nextInt(ids ? 300 : 5); i > 0; i--) {
      json.append(ids ? Integer.toString(random.nextInt(100_000)) : value(depth));
      json.append(i > 1 ? "," : "");
    }
    return json.append(']').toString();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3) == 0 ? random.nextInt(2000) : random.nextInt(9); i > 0; i--) {
      int c = random.nextInt(random.nextInt(9) == 0 ? 0xd7ff : 0x7f);
      text.append(c < 0x20 || c == '"' || c == '\\' ? ' ' : (char) c);
    }
    return text.toString();
  }
}
