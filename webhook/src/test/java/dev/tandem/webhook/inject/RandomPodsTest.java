package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded; a failure names its seed and the pod. */
final class RandomPodsTest {

  private static final int PODS_A_SEED = 1000;
  private static final Origin ORIGIN = new Origin("default", true);

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyPatchAppliesAndTheSecondIsEmpty(long seed) throws Exception {
    RandomPods pods = new RandomPods(new SplittableRandom(seed));
    int injections = 0;
    for (int i = 0; i < PODS_A_SEED; i++) {
      ObjectNode pod = pods.next();
      ObjectNode before = pod.deepCopy();
      InjectionResult result = injector.inject(pod, ORIGIN);
      assertThat((JsonNode) pod).as("seed %d, the input is not changed", seed).isEqualTo(before);
      if (result instanceof InjectionResult.Injected injected) {
        injections++;
        JsonNode applied = JsonPatch.apply(injected.patch(), pod);
        assertThat(applied).as("seed %d, %s", seed, pod).isEqualTo(injected.pod());
        assertUserFieldsSurvive(pod, injected.pod());
        assertThat(Removal.undo(injected.pod()))
            .as("seed %d, taken back from %s", seed, injected.pod())
            .isEqualTo(new Removal.Result.Restored(withoutMarker(pod)));
        assertThat(injected.warnings()).allMatch(warning -> warning.length() <= 120);
        assertThat(patchOf(injector.inject(injected.pod(), ORIGIN)))
            .as("seed %d, again over %s", seed, injected.pod())
            .isEmpty();
      }
    }
    assertThat(injections).as("seed %d: enough pods get through", seed).isGreaterThan(30);
  }

  /** No container, variable or volume of the user's is lost, and no word of his arguments. */
  private static void assertUserFieldsSurvive(JsonNode before, JsonNode after) {
    for (String list : new String[] {"containers", "initContainers", "volumes"}) {
      assertThat(after.path("spec").path(list).findValuesAsText("name"))
          .containsAll(
              before.path("spec").path(list).findValuesAsText("name").stream()
                  .filter(name -> !name.equals("http") && !name.equals("engine"))
                  .toList());
    }
    for (int i = 0; i < before.path("spec").path("containers").size(); i++) {
      JsonNode mine = before.path("spec").path("containers").get(i);
      JsonNode theirs = after.path("spec").path("containers").get(i);
      assertThat(theirs.path("unknownField")).isEqualTo(mine.path("unknownField"));
      for (Map.Entry<String, JsonNode> limit : mine.path("resources").path("limits").properties()) {
        assertThat(theirs.at("/resources/limits").get(limit.getKey())).isEqualTo(limit.getValue());
      }
      assertThat(theirs.path("args").size()).isGreaterThanOrEqualTo(mine.path("args").size());
    }
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
