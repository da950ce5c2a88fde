package dev.tandem.webhook.http;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.inject.RandomPods;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes in, bytes out, without a server: what the review path makes of anything. */
final class RandomReviewsTest {

  private static final int REVIEWS_A_SEED = 500;

  /** Halves of characters too, which an API server never sends and we read all the same. */
  private static final ObjectMapper SPELT_OUT =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final ReviewPath path = new ReviewPath();

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
      path.check(review(pods.next()), "seed %d, pod %d".formatted(seed, i));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void damagedBytesAreReadOrRefusedWithAReason(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    RandomPods pods = new RandomPods(random);
    for (int i = 0; i < REVIEWS_A_SEED; i++) {
      path.check(damaged(review(pods.next()), random), "seed %d, body %d".formatted(seed, i));
    }
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
