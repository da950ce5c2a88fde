package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys of our prefix that nobody reads: most are typing mistakes. */
final class UnknownKeys {

  private static final int SHOWN_CHARACTERS = 40;

  /** Keys we write, and the label, which some write as an annotation. */
  private static final Set<String> OURS = Set.of(Keys.INJECTED, Keys.LOCALITY, Keys.INJECT);

  /** Names, without the prefix, of all keys that mean something. */
  private static final Set<String> KNOWN =
      Stream.concat(Arrays.stream(Annotation.values()).map(Annotation::key), OURS.stream())
          .map(key -> key.substring(Keys.PREFIX.length()))
          .collect(Collectors.toUnmodifiableSet());

  private UnknownKeys() {}

  /** A warning for each key that was ignored, with the one it may have been meant to be. */
  static List<String> warnings(JsonNode annotations) {
    List<String> warnings = new ArrayList<>();
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      String key = annotation.getKey();
      String name = key.startsWith(Keys.PREFIX) ? key.substring(Keys.PREFIX.length()) : "";
      if (!name.isEmpty() && !KNOWN.contains(name)) {
        String nearest = NearestKey.to(name, KNOWN);
        warnings.add(
            "unknown annotation %s was ignored%s"
                .formatted(
                    Shown.brief(name, SHOWN_CHARACTERS),
                    nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
    }
    return warnings;
  }
}
