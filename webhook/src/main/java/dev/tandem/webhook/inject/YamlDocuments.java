package dev.tandem.webhook.inject;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML documents as JSON trees and back, as kubectl reads them (YAML 1.1 in the parts that JSON
 * has): anchors and merge keys are resolved, an empty value is null, a key may come once. Jackson's
 * own YAML reader gives an alias back as its name and an empty value as an empty text, which would
 * change a manifest. One instance a text, one thread.
 */
public final class YamlDocuments {

  /** Far above any manifest; text that refers to itself could else grow without end. */
  private static final int MOST_NODES = 2_000_000;

  private static final int DEEPEST = 100;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .stringQuotingChecker(new Quoting())
              .build());

  /** Quotes every text that some YAML reader could take for something else. */
  private static final class Quoting extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1;

    /** Numbers in every base and form, dates and times of day; two points are a version. */
    private static final Pattern LIKE_A_NUMBER =
        Pattern.compile(
            "(?![0-9]+\\.[0-9]+\\.)[-+]?\\.?[0-9][0-9a-fA-F_.,:xXoObBeE+-]*|[-+]?\\.(inf|nan)"
                + "|[0-9]{4}-[0-9]{1,2}-.*|=|<<",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern UNUSUAL = Pattern.compile("[^\\x20-\\x7E\\n\\u00A1-\\uD7FF]");

    @Override
    public boolean needToQuoteName(String name) {
      return super.needToQuoteName(name) || unlikeText(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return super.needToQuoteValue(value) || unlikeText(value);
    }

    private static boolean unlikeText(String text) {
      return LIKE_A_NUMBER.matcher(text).matches() || UNUSUAL.matcher(text).find();
    }
  }

  private int nodes;

  private YamlDocuments() {}

  /**
   * The documents of a text; empty ones are left out.
   *
   * @throws IOException where it is no YAML, or JSON cannot hold it; the message says where
   */
  public static List<JsonNode> read(String text) throws IOException {
    if (text.stripLeading().startsWith("{") && json(text) instanceof JsonNode document) {
      return List.of(document);
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    YamlDocuments reading = new YamlDocuments();
    List<JsonNode> documents = new ArrayList<>();
    try {
      for (Node document : new Yaml(options).composeAll(new StringReader(text))) {
        JsonNode tree = reading.tree(document, 0);
        if (!tree.isNull()) {
          documents.add(tree);
        }
      }
    } catch (MarkedYAMLException e) {
      throw new IOException(reason(e), e);
    } catch (YAMLException e) {
      throw new IOException(e.getMessage(), e);
    }
    return documents;
  }

  /** The text as JSON, which may be indented with tabs and YAML not; null where it is none. */
  private static @Nullable JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** One document, without a marker before it. */
  static String write(JsonNode document) throws JsonProcessingException {
    return YAML.writeValueAsString(document);
  }

  private static String reason(MarkedYAMLException e) {
    String what = e.getProblem() == null ? String.valueOf(e.getContext()) : e.getProblem();
    return e.getProblemMark() == null
        ? what
        : "line %d, column %d: %s"
            .formatted(e.getProblemMark().getLine() + 1, e.getProblemMark().getColumn() + 1, what);
  }

  private JsonNode tree(Node node, int depth) throws IOException {
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      throw problem(node, "too large or too deep once its aliases are resolved");
    }
    return switch (node) {
      case MappingNode mapping -> object(mapping, depth);
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Node element : sequence.getValue()) {
          array.add(tree(element, depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw problem(node, "no value that JSON can hold");
    };
  }

  private ObjectNode object(MappingNode mapping, int depth) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    List<JsonNode> merged = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (NodeTuple field : mapping.getValue()) {
      if (field.getKeyNode().getTag().equals(Tag.MERGE)) {
        JsonNode value = tree(field.getValueNode(), depth + 1);
        (value.isArray() ? value : List.of(value)).forEach(merged::add);
        continue;
      }
      if (!(field.getKeyNode() instanceof ScalarNode key)) {
        throw problem(field.getKeyNode(), "accepted as a key is text");
      }
      if (!keys.add(key.getValue())) {
        throw problem(key, "the key '%s' comes twice".formatted(key.getValue()));
      }
      object.set(key.getValue(), tree(field.getValueNode(), depth + 1));
    }
    for (JsonNode one : merged) {
      if (!one.isObject()) {
        throw problem(mapping, "accepted after << is an object, or a list of objects");
      }
      one.properties()
          .forEach(field -> {
            if (keys.add(field.getKey())) {
              object.set(field.getKey(), field.getValue());
            }
          });
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) throws IOException {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    // times of day and bases of sixty are text to kubectl
    if (tag.equals(Tag.NULL)) {
      return JsonNodeFactory.instance.nullNode();
    } else if (tag.equals(Tag.BOOL)) {
      return JsonNodeFactory.instance.booleanNode(
          Set.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)));
    } else if (tag.equals(Tag.INT) && !text.contains(":")) {
      return integer(text.replace("_", ""));
    } else if (tag.equals(Tag.FLOAT) && !text.contains(":")) {
      try {
        return JSON.readTree(Double.toString(Double.parseDouble(text.replace("_", ""))));
      } catch (NumberFormatException | JsonProcessingException e) {
        throw problem(scalar, "'%s' is a number that JSON cannot hold".formatted(text));
      }
    }
    return JsonNodeFactory.instance.textNode(text);
  }

  private static JsonNode integer(String text) {
    String digits = text.replaceFirst("^[-+]", "");
    int base = 10;
    if (digits.startsWith("0x")) {
      base = 16;
    } else if (digits.startsWith("0b")) {
      base = 2;
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      base = 8;
    }
    BigInteger number = new BigInteger(digits.substring(base == 16 || base == 2 ? 2 : 0), base);
    BigInteger signed = text.startsWith("-") ? number.negate() : number;
    if (signed.bitLength() < 32) {
      return JsonNodeFactory.instance.numberNode(signed.intValueExact());
    }
    return signed.bitLength() < 64
        ? JsonNodeFactory.instance.numberNode(signed.longValueExact())
        : JsonNodeFactory.instance.numberNode(signed);
  }

  private static IOException problem(Node node, String what) {
    return new IOException(
        "line %d, column %d: %s"
            .formatted(
                node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1, what));
  }
}
