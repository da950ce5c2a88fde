package dev.tandem.webhook.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import org.jspecify.annotations.Nullable;

/** Takes an injection back, with the steps the {@code injected} marker holds. Pure; any thread. */
public final class Removal {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** What came of it. */
  public sealed interface Result {

    /** The pod as it was before. */
    record Restored(ObjectNode pod) implements Result {}

    /** The pod has no marker. */
    record NotInjected() implements Result {}

    /**
     * The pod was changed since, or its marker is not ours.
     *
     * @param reason what does not fit
     */
    record Impossible(String reason) implements Result {}
  }

  private Removal() {}

  /** The pod, or pod template, before it was injected; the tree is not changed. */
  public static Result undo(ObjectNode pod) {
    JsonNode marker = pod.path("metadata").path("annotations").path(Keys.INJECTED);
    if (marker.isMissingNode()) {
      return new Result.NotInjected();
    }
    Undo undo = read(marker.asText());
    if (undo == null) {
      return new Result.Impossible(Keys.INJECTED + " does not say how to take it back");
    }
    ObjectNode before = pod.deepCopy();
    ((ObjectNode) before.path("metadata").path("annotations")).remove(Keys.INJECTED);
    try {
      undo.apply(before);
    } catch (IllegalArgumentException e) {
      return new Result.Impossible("the pod was changed after it was injected: " + e.getMessage());
    }
    return RouterSidecar.presentIn(before)
        ? new Result.Impossible("the pod was changed after it was injected: the router is left")
        : new Result.Restored(before);
  }

  private static @Nullable Undo read(String marker) {
    try {
      return Undo.read(JSON.readTree(marker).path(InjectedMarker.UNDO));
    } catch (JsonProcessingException | NumberFormatException e) {
      return null;
    }
  }
}
