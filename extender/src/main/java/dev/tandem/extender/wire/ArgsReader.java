package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.extender.decide.PodFacts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ExtenderArgs} as Go would: field names in any case, the unused one of {@code Nodes}
 * and {@code NodeNames} null or absent. Never throws, whatever the body. Immutable.
 *
 * <p>Only the pod becomes a tree. Names stay the bytes they are, and whole nodes are walked over
 * for their names: 5,000 of them as trees would take ten times the memory of the body.
 *
 * <p>Source: kubernetes/kube-scheduler extender/v1/types.go, which carries no JSON tags.
 */
public final class ArgsReader {
  private final ObjectMapper json = new ObjectMapper();
  private final PodReader pods;

  public ArgsReader(PodReader pods) {
    this.pods = pods;
  }

  /** Parses a body. */
  public ExtenderArgs.Parsed read(byte[] body) {
    try (JsonParser parser = json.createParser(body)) {
      return new ExtenderArgs.Valid(args(parser, body));
    } catch (JsonProcessingException e) {
      return new ExtenderArgs.Invalid(
          "body of "
              + body.length
              + " bytes is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      return new ExtenderArgs.Invalid("body cannot be read: " + e.getMessage());
    } catch (WrongShape e) {
      return new ExtenderArgs.Invalid(String.valueOf(e.getMessage()));
    }
  }

  private ExtenderArgs args(JsonParser in, byte[] body) throws IOException, WrongShape {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new WrongShape("body is not a JSON object of ExtenderArgs");
    }
    PodFacts pod = null;
    List<String> names = null;
    Map<String, RawJson> nodes = null;
    RawJson sentNames = null;
    RawJson sentNodes = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName().toLowerCase(Locale.ROOT);
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      long start = in.currentTokenLocation().getByteOffset();
      switch (field) {
        case "pod" -> pod = pods.read(tree(in));
        case "nodenames" -> {
          int count = names(in);
          sentNames = sent(in, body, start);
          names = new SentNames(json.getFactory(), sentNames, count);
        }
        case "nodes" -> {
          nodes = nodes(in, body);
          sentNodes = sent(in, body, start);
        }
        default -> in.skipChildren();
      }
    }
    if (pod == null) {
      throw new WrongShape("Pod is missing; accepted: a v1 Pod");
    }
    if (names != null) {
      return new ExtenderArgs(pod, names, Map.of(), true, sentNames);
    }
    if (nodes == null) {
      throw new WrongShape("Nodes and NodeNames are both null; accepted: one of them");
    }
    return new ExtenderArgs(pod, List.copyOf(nodes.keySet()), nodes, false, sentNodes);
  }

  /** The value just read, as it came. */
  private static RawJson sent(JsonParser in, byte[] body, long start) throws WrongShape {
    long end = in.currentLocation().getByteOffset();
    if (start < 0 || end < start) {
      throw new WrongShape("body is not UTF-8");
    }
    return new RawJson(body, (int) start, (int) end);
  }

  /** Checks a list of names and counts them. */
  private int names(JsonParser in) throws IOException, WrongShape {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw WrongShape.of("NodeNames", tree(in), "a list of strings");
    }
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        throw WrongShape.of("NodeNames[]", tree(in), "a string");
      }
      count++;
    }
    return count;
  }

  private Map<String, RawJson> nodes(JsonParser in, byte[] body) throws IOException, WrongShape {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw WrongShape.of("Nodes", tree(in), "a v1 NodeList");
    }
    Map<String, RawJson> nodes = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean items = in.currentName().toLowerCase(Locale.ROOT).equals("items");
      JsonToken value = in.nextToken();
      if (!items || value == JsonToken.VALUE_NULL) {
        in.skipChildren();
        continue;
      }
      if (value != JsonToken.START_ARRAY) {
        throw WrongShape.of("Nodes.items", tree(in), "a list of v1 Nodes");
      }
      while (in.nextToken() != JsonToken.END_ARRAY) {
        item(in, body, nodes);
      }
    }
    return nodes;
  }

  private void item(JsonParser in, byte[] body, Map<String, RawJson> nodes)
      throws IOException, WrongShape {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw WrongShape.of("Nodes.items[]", tree(in), "a v1 Node");
    }
    long start = in.currentTokenLocation().getByteOffset();
    String name = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean metadata = in.currentName().equals("metadata");
      JsonToken value = in.nextToken();
      if (metadata && value == JsonToken.START_OBJECT) {
        name = name(in);
      } else {
        in.skipChildren();
      }
    }
    long end = in.currentLocation().getByteOffset();
    if (name == null) {
      throw new WrongShape("Nodes.items[].metadata.name is missing; accepted: a string");
    }
    if (start < 0 || end < start) {
      throw new WrongShape("body is not UTF-8");
    }
    nodes.put(name, new RawJson(body, (int) start, (int) end));
  }

  private static @Nullable String name(JsonParser metadata) throws IOException {
    String name = null;
    while (metadata.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = metadata.currentName().equals("name");
      JsonToken value = metadata.nextToken();
      if (wanted && value == JsonToken.VALUE_STRING) {
        name = metadata.getText();
      } else {
        metadata.skipChildren();
      }
    }
    return name;
  }

  private JsonNode tree(JsonParser in) throws IOException {
    return json.readTree(in);
  }
}
