package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded; a failure names its seed and the pod. */
final class RandomPodsTest {

  private static final int PODS_A_SEED = 1000;
  private static final Origin ORIGIN = new Origin("default", true);

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  /** Ten thousand pods; {@code -Dtandem.fuzz.seeds=FROM,TO} runs others. */
  static LongStream seeds() {
    String[] range = System.getProperty("tandem.fuzz.seeds", "1,10").split(",", -1);
    return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPatchAppliesAndTheSecondIsEmpty(long seed) throws Exception {
    RandomPods pods = new RandomPods(new SplittableRandom(seed));
    int injections = 0;
    for (int i = 0; i < PODS_A_SEED; i++) {
      ObjectNode pod = pods.next();
      ObjectNode before = pod.deepCopy();
      InjectionResult result = injector.inject(pod, ORIGIN);
      assertThat((JsonNode) pod).as("seed %d, the input is not changed", seed).isEqualTo(before);
      assertThat(result.warnings())
          .as("seed %d, warnings for %s", seed, pod)
          .allMatch(warning -> warning.codePointCount(0, warning.length()) <= 120)
          .noneMatch(warning -> warning.chars().anyMatch(Character::isISOControl));
      if (result instanceof InjectionResult.Denied denied) {
        assertThat(denied.message().chars().noneMatch(Character::isISOControl))
            .as("seed %d, for a terminal: %s", seed, denied.message())
            .isTrue();
        assertThat(denied.message()).as("seed %d", seed).hasSizeLessThan(100_000);
      }
      if (result instanceof InjectionResult.Injected injected) {
        injections++;
        JsonNode applied = JsonPatch.apply(injected.patch(), pod);
        assertThat(applied).as("seed %d, %s", seed, pod).isEqualTo(injected.pod());
        assertThat(UserFields.lost(pod, injected.pod()))
            .as("seed %d, what %s had", seed, pod)
            .isEmpty();
        assertThat(Removal.undo(injected.pod()))
            .as("seed %d, taken back from %s", seed, injected.pod())
            .isEqualTo(new Removal.Result.Restored(withoutMarker(pod)));
        assertThat(patchOf(injector.inject(injected.pod(), ORIGIN)))
            .as("seed %d, again over %s", seed, injected.pod())
            .isEmpty();
      }
    }
    assertThat(injections).as("seed %d: enough pods get through", seed).isGreaterThan(30);
  }

  private static JsonNode patchOf(InjectionResult result) {
    return switch (result) {
      case InjectionResult.Injected injected -> injected.patch();
      case InjectionResult.Skipped skipped -> skipped.patch();
      case InjectionResult.Denied denied -> throw new AssertionError(denied.message());
    };
  }

  /** A marker that a user wrote is not his to have back. */
  private static ObjectNode withoutMarker(ObjectNode pod) {
    ObjectNode copy = pod.deepCopy();
    if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(Keys.INJECTED);
    }
    return copy;
  }
}
