package dev.tandem.webhook.binding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes where a pod lands on its Binding, from where the API server copies it to the pod in the
 * write that binds it. Pure; it asks nobody. Immutable, any thread.
 *
 * <p>A Binding carries no pod labels, so every Binding that reaches us is stamped; on a pod that
 * did not opt in the annotation does no harm.
 */
public final class BindingStamp {

  /** {@code /metadata/annotations} key of the locality, escaped as RFC 6901 asks. */
  private static final String POINTER =
      "/metadata/annotations/" + Keys.LOCALITY.replace("~", "~0").replace("/", "~1");

  private final Function<String, @Nullable LocalityPath> localities;

  /**
   * A stamp that knows nodes by {@code localities}: node name to path, null for a node it does not
   * know. Called on every bind, so it must not block.
   */
  public BindingStamp(Function<String, @Nullable LocalityPath> localities) {
    this.localities = localities;
  }

  /** What became of one Binding; the bind itself always goes on. */
  public sealed interface Result {

    /** The patch writes the path. */
    record Stamped(ArrayNode patch, LocalityPath path) implements Result {}

    /** No path is known. The patch removes one the Binding brought along, or is empty. */
    record Unknown(ArrayNode patch, String reason) implements Result {}
  }

  /** Stamps one Binding tree, which is not changed. */
  public Result stamp(JsonNode binding) {
    JsonNode target = binding.path("target");
    String kind = target.path("kind").asText("Node");
    String node = target.path("name").asText("");
    if (!kind.equals("Node") || node.isEmpty()) {
      return new Result.Unknown(without(binding), "the binding's target is no node");
    }
    LocalityPath path = localities.apply(node);
    if (path == null) {
      return new Result.Unknown(
          without(binding), "node " + node + " is not known yet: the pod gets no locality");
    }
    return new Result.Stamped(with(binding, path), path);
  }

  private static ArrayNode with(JsonNode binding, LocalityPath path) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    if (!binding.path("metadata").isObject()) {
      add(patch, "/metadata", patch.objectNode());
    }
    if (!binding.path("metadata").path("annotations").isObject()) {
      add(patch, "/metadata/annotations", patch.objectNode());
    }
    // "add" on a key that exists replaces its value (RFC 6902 4.1), so a forged path goes too.
    add(patch, POINTER, patch.textNode(path.toString()));
    return patch;
  }

  private static ArrayNode without(JsonNode binding) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    if (binding.path("metadata").path("annotations").has(Keys.LOCALITY)) {
      patch.addObject().put("op", "remove").put("path", POINTER);
    }
    return patch;
  }

  private static void add(ArrayNode patch, String path, JsonNode value) {
    ObjectNode operation = patch.addObject().put("op", "add").put("path", path);
    operation.set("value", value);
  }
}
