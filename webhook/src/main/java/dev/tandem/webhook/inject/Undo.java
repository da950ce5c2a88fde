package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What takes an injection back, step by step. Every pod carries it, so its JSON is short: steps in
 * the same place say it once.
 *
 * <pre>[["/spec", ["schedulerName", "tandem"]],
 *  ["/spec/containers/0", ["env", "[8]"], ["args", "#ce5de986", ["--model", "m"]]],
 *  ["/spec/containers/0/ports", ["0", "engine"], ["0", null, {"containerPort": 8000}]]]</pre>
 *
 * A place is a JSON Pointer (RFC 6901), and a step has the last part of one: a member or an index;
 * then what stands there, in short, or null where something is to be put in; then what is to stand
 * there, or nothing where it is to go. A step names a place in a list; where somebody has put
 * something in since, another thing would stand there. Immutable.
 */
record Undo(List<Step> steps) {

  /** Longer values are told apart by a checksum. */
  private static final int SHOWN_CHARACTERS = 16;

  /** Of a path, far more than any in a pod has: a tree is walked as deep as its paths go. */
  private static final int MOST_CHARACTERS = 1_000;

  /**
   * One change of a tree.
   *
   * @param place pointer to what the step is in
   * @param name last part of the pointer: a member or an index, escaped as in one
   * @param was what stands there, in short; null where the step puts something in
   * @param value what is to stand there; missing where nothing is
   */
  record Step(String place, String name, @Nullable String was, JsonNode value) {

    private String path() {
      return place + "/" + name;
    }

    private String operation() {
      return value.isMissingNode() ? "remove" : was == null ? "add" : "replace";
    }
  }

  Undo {
    steps = List.copyOf(steps);
  }

  /** What turns {@code after} into {@code before}. */
  static Undo between(JsonNode after, JsonNode before) {
    List<Step> steps = new ArrayList<>();
    JsonNode tree = after.deepCopy();
    for (JsonNode operation : JsonPatch.between(after, before)) {
      String path = operation.path("path").asText();
      boolean add = operation.path("op").asText().equals("add");
      int slash = path.lastIndexOf('/');
      Step step =
          new Step(
              path.substring(0, slash),
              path.substring(slash + 1),
              add ? null : brief(tree.at(path)),
              operation.path("value"));
      steps.add(step);
      JsonPatch.apply(step.operation(), path, step.value(), tree);
    }
    return new Undo(steps);
  }

  ArrayNode json() {
    ArrayNode places = JsonNodeFactory.instance.arrayNode();
    ArrayNode place = places;
    for (Step step : steps) {
      if (!step.place().equals(place.path(0).textValue())) {
        place = places.addArray().add(step.place());
      }
      ArrayNode written = place.addArray().add(step.name()).add(step.was());
      if (!step.value().isMissingNode()) {
        written.add(step.value());
      }
    }
    return places;
  }

  /** What {@link #json} wrote; null where it did not write this. */
  static @Nullable Undo read(JsonNode json) {
    List<Step> steps = new ArrayList<>();
    for (JsonNode place : json) {
      String where = place.path(0).textValue();
      if (!place.isArray() || where == null || place.size() < 2) {
        return null;
      }
      for (int i = 1; i < place.size(); i++) {
        Step step = step(where, place.get(i));
        if (step == null) {
          return null;
        }
        steps.add(step);
      }
    }
    return json.isArray() ? new Undo(steps) : null;
  }

  private static @Nullable Step step(String where, JsonNode json) {
    String name = json.path(0).textValue();
    JsonNode was = json.path(1);
    boolean whole = was.isNull() ? json.size() == 3 : was.isTextual() && json.size() <= 3;
    return json.isArray()
            && name != null
            && name.indexOf('/') < 0
            && where.length() + name.length() <= MOST_CHARACTERS
            && whole
        ? new Step(where, name, was.textValue(), json.path(2))
        : null;
  }

  /**
   * Does all steps to a tree.
   *
   * @throws IllegalArgumentException where one does not fit it; the message says where
   */
  void apply(JsonNode tree) {
    for (Step step : steps) {
      JsonNode now = tree.at(step.path());
      if (step.was() != null && !step.was().equals(brief(now))) {
        throw new IllegalArgumentException("%s is no longer %s".formatted(step.path(), step.was()));
      }
      if (step.was() == null && tree.at(step.place()).isObject() && !now.isMissingNode()) {
        throw new IllegalArgumentException("%s is there again".formatted(step.path()));
      }
      JsonPatch.apply(step.operation(), step.path(), step.value(), tree);
    }
  }

  /** What tells this value from its neighbours, and shows whether something was added to it. */
  private static String brief(JsonNode value) {
    boolean words =
        value instanceof ArrayNode array && !array.isEmpty() && JsonPatch.onlyValues(array);
    if (value.isContainerNode() && !words && !value.path("name").isTextual()) {
      return value.isArray() ? "[" + value.size() + "]" : "{" + value.size() + "}";
    }
    String text =
        words ? value.toString() : value.isObject() ? value.path("name").asText() : value.asText();
    if (text.length() <= SHOWN_CHARACTERS) {
      return text;
    }
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "#" + HexFormat.of().toHexDigits(crc.getValue(), 8);
  }
}
