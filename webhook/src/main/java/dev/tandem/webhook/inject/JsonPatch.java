package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two JSON trees as RFC 6902 operations: {@code add}, {@code remove}, {@code
 * replace}, nothing else.
 *
 * <p>The patch of an injection is always computed from the tree before and the tree after, so no
 * rule can write one that does not apply. List elements are paired by equality, or by {@code name}
 * where they have one (containers, ports, environment, volumes), so that an insertion at the front
 * of a list is one {@code add} and not a rewrite of all that follows.
 */
public final class JsonPatch {

  /** Above this many pairs of elements a changed list is replaced whole instead of aligned. */
  private static final int ALIGNED_PAIRS = 1_000_000;

  /** An API server parses and applies every operation: one list of words is cheaper than three. */
  private static final int MOST_WORDS_ALIGNED = 2;

  /** Of one object, before it is replaced whole. */
  private static final int MOST_CHANGES = 2;

  /** Characters of an object that is replaced whole, about. */
  private static final int MOST_REPLACED = 8_192;

  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  /** Whether small objects inside a pod that change in several places are replaced whole. */
  private final boolean coarse;

  private JsonPatch(boolean coarse) {
    this.coarse = coarse;
  }

  /** The operations that turn {@code before} into {@code after}; empty where they are equal. */
  public static ArrayNode between(JsonNode before, JsonNode after) {
    JsonPatch patch = new JsonPatch(false);
    patch.compare("", before, after);
    return patch.operations;
  }

  /**
   * The same for the two parts of a pod, in fewer operations: the labels, the annotations or a
   * container that changes in several places is replaced whole, unless it is large. An API server
   * takes longer for many small operations than for few (docs/design/admission-cost.md).
   */
  static ArrayNode betweenPods(ObjectNode before, ObjectNode after) {
    JsonPatch patch = new JsonPatch(true);
    patch.compare("", before, after);
    return patch.operations;
  }

  /**
   * Does one operation of {@link #between} to a tree.
   *
   * @param value of the operation; of no account where it removes
   * @throws IllegalArgumentException where it does not fit the tree; the message says where
   */
  static void apply(String operation, String path, JsonNode value, JsonNode tree) {
    int slash = path.lastIndexOf('/');
    JsonNode parent = tree.at(path.substring(0, slash));
    String last = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
    boolean done =
        switch (operation) {
          case "add" -> add(parent, last, value);
          case "remove" -> remove(parent, last);
          case "replace" -> remove(parent, last) && add(parent, last, value);
          default -> false;
        };
    if (!done) {
      throw new IllegalArgumentException("%s %s does not fit".formatted(operation, path));
    }
  }

  private static boolean add(JsonNode parent, String name, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(name, value.deepCopy());
      return true;
    }
    int index = index(name);
    if (parent instanceof ArrayNode array && index >= 0 && index <= array.size()) {
      array.insert(index, value.deepCopy());
      return true;
    }
    return false;
  }

  private static boolean remove(JsonNode parent, String name) {
    if (parent instanceof ObjectNode object) {
      return object.remove(name) != null;
    }
    int index = index(name);
    return parent instanceof ArrayNode array && index >= 0 && array.remove(index) != null;
  }

  private static int index(String name) {
    return INDEX.matcher(name).matches() ? Integer.parseInt(name) : -1;
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode from && after instanceof ObjectNode to) {
      int operationsBefore = operations.size();
      compareObjects(path, from, to);
      if (coarse
          && operations.size() - operationsBefore > MOST_CHANGES
          && path.indexOf('/', 1) > 0
          && characters(to, MOST_REPLACED) <= MOST_REPLACED) {
        while (operations.size() > operationsBefore) {
          operations.remove(operations.size() - 1);
        }
        operation("replace", path, to);
      }
    } else if (before instanceof ArrayNode from && after instanceof ArrayNode to) {
      compareArrays(path, from, to);
    } else {
      operation("replace", path, after);
    }
  }

  private void compareObjects(String path, ObjectNode before, ObjectNode after) {
    for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!after.has(name)) {
        operation("remove", child(path, name), null);
      }
    }
    for (Map.Entry<String, JsonNode> field : after.properties()) {
      JsonNode old = before.get(field.getKey());
      String childPath = child(path, field.getKey());
      if (old == null) {
        operation("add", childPath, field.getValue());
      } else {
        compare(childPath, old, field.getValue());
      }
    }
  }

  private void compareArrays(String path, ArrayNode before, ArrayNode after) {
    int head = 0;
    while (head < before.size()
        && head < after.size()
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < before.size() - head
        && tail < after.size() - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<JsonNode> from = slice(before, head, before.size() - tail);
    List<JsonNode> to = slice(after, head, after.size() - tail);
    boolean manyWords =
        from.size() + to.size() > MOST_WORDS_ALIGNED && onlyValues(before) && onlyValues(after);
    if (manyWords || (long) from.size() * to.size() > ALIGNED_PAIRS) {
      operation("replace", path, after);
    } else {
      align(path, head, from, to);
    }
  }

  static boolean onlyValues(ArrayNode array) {
    for (JsonNode element : array) {
      if (element.isContainerNode()) {
        return false;
      }
    }
    return true;
  }

  /*
   * Longest common subsequence under `same`, then one walk that removes what has no partner, adds
   * what is new and descends into partners that differ. `at` is the index in the list as it stands
   * after the operations so far, which is how RFC 6902 reads them.
   */
  private void align(String path, int head, List<JsonNode> from, List<JsonNode> to) {
    int[][] common = new int[from.size() + 1][to.size() + 1];
    for (int i = from.size() - 1; i >= 0; i--) {
      for (int j = to.size() - 1; j >= 0; j--) {
        common[i][j] =
            same(from.get(i), to.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    int at = head;
    while (i < from.size() || j < to.size()) {
      if (i < from.size() && j < to.size() && same(from.get(i), to.get(j))) {
        compare(child(path, at), from.get(i), to.get(j));
        i++;
        j++;
        at++;
      } else if (j == to.size() || (i < from.size() && common[i + 1][j] >= common[i][j + 1])) {
        operation("remove", child(path, at), null);
        i++;
      } else {
        operation("add", child(path, at), to.get(j));
        j++;
        at++;
      }
    }
  }

  private static boolean same(JsonNode a, JsonNode b) {
    if (a instanceof ObjectNode && b instanceof ObjectNode && a.has("name") && b.has("name")) {
      return a.get("name").equals(b.get("name"));
    }
    return a.equals(b);
  }

  private static List<JsonNode> slice(ArrayNode array, int start, int end) {
    List<JsonNode> elements = new ArrayList<>(end - start);
    for (int i = start; i < end; i++) {
      elements.add(array.get(i));
    }
    return elements;
  }

  private void operation(String op, String path, @Nullable JsonNode value) {
    ObjectNode operation = operations.addObject().put("op", op).put("path", path);
    if (value != null) {
      operation.set("value", value.deepCopy());
    }
  }

  /** How long a tree is as text, about; stops counting beyond {@code most}. */
  private static int characters(JsonNode tree, int most) {
    if (tree.isTextual()) {
      return tree.textValue().length() + 1;
    }
    int sum = 1;
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      sum += field.getKey().length();
    }
    for (Iterator<JsonNode> parts = tree.elements(); parts.hasNext() && sum <= most; ) {
      sum += characters(parts.next(), most - sum);
    }
    return sum;
  }

  private static String child(String path, int index) {
    return path + "/" + index;
  }

  /** {@code path} with one more step, escaped as RFC 6901 asks. */
  private static String child(String path, String name) {
    return path + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
