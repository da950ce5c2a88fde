package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code env} list of one container, as a view on its tree. One thread. */
final class Environment {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

  /** Values that refer to each other could double with every entry. */
  private static final int LONGEST = 1 << 16;

  private final ObjectNode container;

  Environment(ObjectNode container) {
    this.container = container;
  }

  boolean has(String name) {
    for (JsonNode entry : container.path("env")) {
      if (entry.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether any variable's name begins so. */
  boolean hasPrefix(String prefix) {
    for (JsonNode entry : container.path("env")) {
      if (entry.path("name").asText().startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The value as the kubelet makes it: references to variables defined earlier are replaced. Null
   * where the variable is absent, comes from elsewhere, or refers to one that does.
   */
  @Nullable String value(String name) {
    return values().get(name);
  }

  /**
   * {@code text} with its {@code $(NAME)} references replaced as the kubelet would; null where one
   * of them is known only at run time.
   */
  @Nullable String resolve(String text) {
    return REFERENCE.matcher(text).find() ? expanded(text, values()) : text;
  }

  /**
   * Values known before the container runs, by name. Of two entries with one name the later counts.
   */
  Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    for (JsonNode entry : container.path("env")) {
      String name = entry.path("name").asText();
      String value =
          entry.path("valueFrom").isObject()
              ? null
              : expanded(entry.path("value").asText(""), values);
      values.remove(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return values;
  }

  private static @Nullable String expanded(String text, Map<String, String> values) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null || expanded.length() + value.length() > LONGEST) {
        return null;
      }
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(expanded).toString();
  }

  void append(String name, String value) {
    container.withArrayProperty("env").addObject().put("name", name).put("value", value);
  }

  /** Puts a downward field first: a reference resolves only to variables defined earlier. */
  void prependField(String name, String fieldPath) {
    container.withArrayProperty("env").insert(0, fromField(container, name, fieldPath));
  }

  static ObjectNode fromField(ObjectNode factory, String name, String fieldPath) {
    ObjectNode variable = factory.objectNode().put("name", name);
    variable.putObject("valueFrom").putObject("fieldRef").put("fieldPath", fieldPath);
    return variable;
  }
}
