package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.http.AdmissionWire.Incoming;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.RandomPods;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes in, bytes out, without a server: what the review path makes of anything. */
final class RandomReviewsTest {

  private static final int REVIEWS_A_SEED = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Halves of characters too, which an API server never sends and we read all the same. */
  private static final ObjectMapper SPELT_OUT =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final List<OwnerEvent> events = new ArrayList<>();
  private final PodEvents reviews =
      new PodEvents(new PodReviews(new Injector(InjectionConfig.DEFAULT)), events::add);

  /** {@code -Dtandem.fuzz.seeds=FROM,TO} runs others. */
  static LongStream seeds() {
    String[] range = System.getProperty("tandem.fuzz.seeds", "1,4").split(",", -1);
    return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPodIsAnsweredWithAPatchThatAppliesOrAReason(long seed) throws Exception {
    RandomPods pods = new RandomPods(new SplittableRandom(seed));
    for (int i = 0; i < REVIEWS_A_SEED; i++) {
      ObjectNode pod = pods.next();
      byte[] body = review(pod);
      String about = "seed %d, pod %d".formatted(seed, i);
      if (!(AdmissionWire.read(body) instanceof Incoming.Review(AdmissionRequest request))) {
        continue; // deeper or longer than we read; refused with a reason
      }
      JsonNode response = answered(request, about);
      assertThat(response.path("uid").asText()).as(about).isEqualTo("u");
      if (response.has("patch")) {
        byte[] patch = Base64.getDecoder().decode(response.path("patch").asText());
        JsonPatch.apply(JSON.readTree(patch), request.object());
      }
      if (!response.path("allowed").asBoolean()) {
        assertThat(response.at("/status/message").asText()).as(about).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedBytesAreReadOrRefusedWithAReason(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    RandomPods pods = new RandomPods(random);
    for (int i = 0; i < REVIEWS_A_SEED; i++) {
      byte[] body = damaged(review(pods.next()), random);
      String about = "seed %d, body %d".formatted(seed, i);
      switch (AdmissionWire.read(body)) {
        case Incoming.Review(AdmissionRequest request) -> answered(request, about);
        case Incoming.Unreadable(String message) -> {
          assertThat(message).as(about).isNotBlank();
          response(AdmissionWire.refused(400, message));
        }
      }
    }
  }

  private JsonNode answered(AdmissionRequest request, String about) throws Exception {
    Verdict verdict = reviews.apply(request);
    JsonNode response = response(AdmissionWire.answer(request.uid(), verdict));
    assertThat(response.path("warnings"))
        .as(about)
        .hasSizeLessThanOrEqualTo(AdmissionWire.MOST_WARNINGS)
        .allMatch(warning -> warning.asText().codePointCount(0, warning.asText().length()) <= 120);
    assertThat(events)
        .as(about)
        .allMatch(event -> event.message().length() <= 2 * OwnerEvent.MOST_CHARACTERS);
    events.clear();
    return response;
  }

  /** As the API server reads it: strictly UTF-8, one object. */
  private static JsonNode response(byte[] answer) throws Exception {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer)).toString();
    JsonNode review = JSON.readTree(text);
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    return review.path("response");
  }

  private static byte[] review(ObjectNode pod) throws Exception {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", AdmissionWire.API_VERSION)
            .put("kind", AdmissionWire.KIND);
    ObjectNode request =
        review
            .putObject("request")
            .put("uid", "u")
            .put("operation", "CREATE")
            .put("namespace", "models")
            .put("aFieldOfLaterVersions", true);
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    request.set("object", pod);
    return SPELT_OUT.writeValueAsBytes(review);
  }

  /** Cut off, a few bytes changed, or a stretch of it twice. */
  private static byte[] damaged(byte[] body, RandomGenerator random) {
    byte[] copy = body.clone();
    switch (random.nextInt(3)) {
      case 0 -> {
        return Arrays.copyOf(copy, random.nextInt(copy.length));
      }
      case 1 -> {
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
          copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
      }
      default -> {
        int from = random.nextInt(copy.length);
        int length = Math.min(copy.length - from, random.nextInt(2_000));
        byte[] twice = Arrays.copyOf(copy, copy.length + length);
        System.arraycopy(copy, from, twice, from + length, copy.length - from);
        return twice;
      }
    }
  }
}
