package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code env} list of one container, as a view on its tree. One thread. */
final class Environment {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

  private final ObjectNode container;

  Environment(ObjectNode container) {
    this.container = container;
  }

  boolean has(String name) {
    return entry(name) != null;
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

  /** The literal value; null where the variable is absent or comes from elsewhere. */
  @Nullable String value(String name) {
    JsonNode entry = entry(name);
    if (entry == null || entry.path("valueFrom").isObject()) {
      return null;
    }
    return entry.path("value").asText("");
  }

  /**
   * {@code text} with its {@code $(NAME)} references replaced as the kubelet would; null where one
   * of them is known only at run time.
   */
  @Nullable String resolve(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String value = value(matcher.group(1));
      if (value == null) {
        return null;
      }
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(resolved).toString();
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

  private @Nullable JsonNode entry(String name) {
    for (JsonNode entry : container.path("env")) {
      if (entry.path("name").asText().equals(name)) {
        return entry;
      }
    }
    return null;
  }
}
