package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys of our prefix that nobody reads: most are typing mistakes. */
final class UnknownKeys {

  private static final int SHOWN_CHARACTERS = 40;

  /** Names, without the prefix, of all annotations a person writes. */
  private static final Set<String> WRITTEN =
      names(Arrays.stream(Annotation.values()).map(Annotation::key));

  /** Those, the ones we write, and the label, which some write as an annotation. */
  private static final Set<String> ANNOTATIONS =
      names(
          Stream.concat(
              Arrays.stream(Annotation.values()).map(Annotation::key),
              Stream.of(Keys.INJECTED, Keys.LOCALITY, Keys.INJECT)));

  /** One is read, the others are written by us, from annotations. */
  private static final Set<String> LABELS =
      names(Stream.of(Keys.INJECT, Keys.ROLE, Keys.GROUP, Keys.POOL, Keys.COMPATIBILITY));

  private UnknownKeys() {}

  /** A warning for each key that was ignored, with the one it may have been meant to be. */
  static List<String> warnings(JsonNode annotations, JsonNode labels) {
    List<String> warnings = new ArrayList<>();
    for (String name : names(annotations)) {
      if (!ANNOTATIONS.contains(name)) {
        warnings.add(unknown("annotation", name, NearestKey.to(name, ANNOTATIONS)));
      }
    }
    for (String name : names(labels)) {
      boolean copied = LABELS.contains(name) && !misplacedGroup(name, annotations);
      if (!copied && WRITTEN.contains(name)) {
        warnings.add("label %s was ignored: it is read as an annotation".formatted(name));
      } else if (!copied) {
        warnings.add(unknown("label", name, nearestOfLabel(name)));
      }
    }
    return warnings;
  }

  /** Nothing replaces this label, and routers would go by it where the scheduler does not. */
  private static boolean misplacedGroup(String name, JsonNode annotations) {
    return name.equals(Keys.GROUP.substring(Keys.PREFIX.length())) && !annotations.has(Keys.GROUP);
  }

  private static @Nullable String nearestOfLabel(String name) {
    String label = NearestKey.to(name, LABELS);
    if (label != null) {
      return label;
    }
    String annotation = NearestKey.to(name, WRITTEN);
    return annotation == null ? null : "the annotation " + annotation;
  }

  private static String unknown(String kind, String name, @Nullable String nearest) {
    return "unknown %s %s was ignored%s"
        .formatted(
            kind,
            Shown.brief(name, SHOWN_CHARACTERS),
            nearest == null ? "" : "; did you mean " + nearest + "?");
  }

  private static Set<String> names(Stream<String> keys) {
    return keys.filter(key -> key.startsWith(Keys.PREFIX) && key.length() > Keys.PREFIX.length())
        .map(key -> key.substring(Keys.PREFIX.length()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> names(JsonNode map) {
    return names(map.properties().stream().map(Map.Entry::getKey));
  }
}
