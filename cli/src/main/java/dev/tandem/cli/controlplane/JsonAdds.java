package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON patch that sets members of an object, whether they are there or not. This is the one form
 * of patch that both API servers read alike: the stand-in knows no strategic merge, and its JSON
 * merge appends to lists where a real one replaces them. Immutable.
 */
public record JsonAdds(Map<String, Object> values) {

  /** How the patch is sent. */
  public static final PatchContext CONTEXT = PatchContext.of(PatchType.JSON);

  public JsonAdds {
    values = Map.copyOf(values);
  }

  /** The same with one more member, named by its keys from the root. */
  public JsonAdds with(Object value, String... keys) {
    StringBuilder pointer = new StringBuilder();
    for (String key : keys) {
      pointer.append('/').append(key.replace("~", "~0").replace("/", "~1"));
    }
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(pointer.toString(), value);
    return new JsonAdds(more);
  }

  /** Begins a patch with one member. */
  public static JsonAdds of(Object value, String... keys) {
    return new JsonAdds(Map.of()).with(value, keys);
  }

  /** The patch as JSON text. */
  public String text() {
    List<Map<String, Object>> operations = new ArrayList<>();
    values.forEach(
        (pointer, value) -> operations.add(Map.of("op", "add", "path", pointer, "value", value)));
    return Serialization.asJson(operations);
  }
}
