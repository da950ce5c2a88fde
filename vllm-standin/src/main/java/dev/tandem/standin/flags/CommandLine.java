package dev.tandem.standin.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed vLLM command line: {@code [vllm] [serve] [MODEL] [flags]}, flags as {@code --x y} or
 * {@code --x=y}, underscores as dashes, {@code --no-x} for switches, JSON flags also as dotted keys
 * ({@code --kv-transfer-config.kv_role x}, {@code --x.list+ y} appends). The last value of a flag
 * wins, as with argparse. Immutable.
 */
public final class CommandLine {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(JsonReadFeature.ALLOW_TRAILING_COMMA).build();

  private final @Nullable String positionalModel;
  private final Map<String, List<String>> values;
  private final Map<String, ObjectNode> json;

  private CommandLine(
      @Nullable String positionalModel,
      Map<String, List<String>> values,
      Map<String, ObjectNode> json) {
    this.positionalModel = positionalModel;
    this.values = values;
    this.json = json;
  }

  /**
   * Reads the arguments.
   *
   * @throws UsageError for a flag vLLM does not know, a missing value or one of the wrong kind
   */
  public static CommandLine parse(List<String> args) {
    return new Parser(args).parse();
  }

  /** The model: the positional argument, else {@code --model}, else null. */
  public @Nullable String model() {
    return positionalModel != null ? positionalModel : text("--model");
  }

  /** The value, or null when the flag is absent. */
  public @Nullable String text(String flag) {
    List<String> given = values.get(flag);
    return given == null ? null : given.getLast();
  }

  /** All values, or an empty list. */
  public List<String> list(String flag) {
    return values.getOrDefault(flag, List.of());
  }

  /** True when the switch is on. */
  public boolean on(String flag, boolean otherwise) {
    String given = text(flag);
    return given == null ? otherwise : Boolean.parseBoolean(given);
  }

  /** The whole number, checked against its bounds. */
  public int integer(String flag, int otherwise, int least, int most) {
    String given = text(flag);
    if (given == null) {
      return otherwise;
    }
    long value = wholeNumber(flag, given);
    if (value < least || value > most) {
      throw new UsageError(
          "argument "
              + flag
              + ": "
              + given
              + " is out of range, accepted: "
              + least
              + " to "
              + most);
    }
    return (int) value;
  }

  /** The decimal number. */
  public double number(String flag, double otherwise) {
    String given = text(flag);
    return given == null ? otherwise : decimal(flag, given);
  }

  /** The JSON object, or null when the flag is absent. */
  public @Nullable ObjectNode json(String flag) {
    ObjectNode given = json.get(flag);
    return given == null ? null : given.deepCopy();
  }

  private static double decimal(String flag, String given) {
    try {
      return Double.parseDouble(given);
    } catch (NumberFormatException e) {
      throw new UsageError("argument " + flag + ": invalid float value: '" + given + "'");
    }
  }

  /** vLLM's human_readable_int: 1k is 1000, 1K is 1024, likewise m/M, g/G, t/T. */
  private static long wholeNumber(String flag, String given) {
    try {
      if (VllmFlags.human(flag) && given.matches("\\d+(\\.\\d+)?[kKmMgGtT]i?")) {
        String digits = given.replaceAll("[a-zA-Z]+$", "");
        char unit = given.charAt(digits.length());
        int power = "kmgt".indexOf(Character.toLowerCase(unit)) + 1;
        double base = Character.isUpperCase(unit) || given.endsWith("i") ? 1024 : 1000;
        return (long) (Double.parseDouble(digits) * Math.pow(base, power));
      }
      return Long.parseLong(given);
    } catch (NumberFormatException e) {
      throw new UsageError("argument " + flag + ": invalid int value: '" + given + "'");
    }
  }

  /** One pass over the arguments. */
  private static final class Parser {
    private final List<String> args;
    private int next;
    private @Nullable String model;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Map<String, ObjectNode> json = new LinkedHashMap<>();

    Parser(List<String> args) {
      this.args = args;
    }

    CommandLine parse() {
      if (next < args.size() && args.get(next).equals("vllm")) {
        next++;
      }
      if (next < args.size() && args.get(next).equals("serve")) {
        next++;
      }
      while (next < args.size()) {
        String arg = args.get(next++);
        if (arg.startsWith("-") && arg.length() > 1) {
          flag(arg);
        } else if (model == null) {
          model = arg;
        } else {
          throw new UsageError("unrecognized arguments: " + arg);
        }
      }
      return new CommandLine(model, values, json);
    }

    private void flag(String arg) {
      int equals = arg.indexOf('=');
      String typed = equals < 0 ? arg : arg.substring(0, equals);
      String attached = equals < 0 ? null : arg.substring(equals + 1);
      int dot = typed.indexOf('.');
      String name = VllmFlags.canonical(dot < 0 ? typed : typed.substring(0, dot));
      if (dot > 0 && VllmFlags.known(name) && VllmFlags.kind(name) == Kind.JSON) {
        dotted(name, typed.substring(dot + 1), attached == null ? value(name) : attached);
        return;
      }
      if (name.startsWith("--no-")
          && VllmFlags.known("--" + name.substring(5))
          && VllmFlags.kind("--" + name.substring(5)) == Kind.SWITCH) {
        refuseValue(name, attached);
        put("--" + name.substring(5), "false");
        return;
      }
      if (dot >= 0 || !VllmFlags.known(name)) {
        throw new UsageError("unrecognized arguments: " + arg);
      }
      take(name, attached);
    }

    private void take(String name, @Nullable String attached) {
      switch (VllmFlags.kind(name)) {
        case SWITCH -> {
          refuseValue(name, attached);
          put(name, "true");
        }
        case TEXT -> put(name, attached == null ? value(name) : attached);
        case INTEGER -> {
          String given = attached == null ? value(name) : attached;
          if (!(name.equals("--max-model-len") && given.equals("auto"))) {
            wholeNumber(name, given);
            put(name, given);
          }
        }
        case NUMBER -> {
          String given = attached == null ? value(name) : attached;
          decimal(name, given);
          put(name, given);
        }
        case JSON -> object(name, attached == null ? value(name) : attached);
        case LIST -> {
          List<String> given = new ArrayList<>();
          given.add(attached == null ? value(name) : attached);
          while (attached == null && next < args.size() && !args.get(next).startsWith("-")) {
            given.add(args.get(next++));
          }
          values.put(name, List.copyOf(given));
        }
      }
    }

    private void put(String name, String value) {
      values.put(name, List.of(value));
    }

    private String value(String name) {
      // like argparse: what looks like a flag is no value, but a negative number is
      if (next >= args.size() || args.get(next).matches("--?[a-zA-Z].*")) {
        throw new UsageError("argument " + name + ": expected one argument");
      }
      return args.get(next++);
    }

    private static void refuseValue(String name, @Nullable String attached) {
      if (attached != null) {
        throw new UsageError("argument " + name + ": ignored explicit argument '" + attached + "'");
      }
    }

    private void object(String name, String given) {
      try {
        if (JSON.readTree(given) instanceof ObjectNode object) {
          json.put(name, object);
          return;
        }
      } catch (JsonProcessingException e) {
        throw new UsageError(
            "argument "
                + name
                + ": Value "
                + given
                + " cannot be converted to JSON: "
                + e.getOriginalMessage());
      }
      throw new UsageError("argument " + name + ": " + given + " is not a JSON object");
    }

    private void dotted(String name, String path, String given) {
      ObjectNode at = json.computeIfAbsent(name, ignored -> JSON.createObjectNode());
      boolean append = path.endsWith("+");
      String[] keys = (append ? path.substring(0, path.length() - 1) : path).split("\\.", -1);
      for (int i = 0; i + 1 < keys.length; i++) {
        if (at.get(keys[i]) instanceof ObjectNode child) {
          at = child;
        } else if (at.has(keys[i])) {
          throw new UsageError("argument " + name + "." + path + ": " + keys[i] + " is no object");
        } else {
          at = at.putObject(keys[i]);
        }
      }
      String last = keys[keys.length - 1];
      if (last.isEmpty()) {
        throw new UsageError("argument " + name + "." + path + ": empty key");
      }
      if (append) {
        ArrayNode list = at.get(last) instanceof ArrayNode known ? known : at.putArray(last);
        list.add(scalar(given));
      } else {
        at.set(last, scalar(given));
      }
    }

    private static JsonNode scalar(String given) {
      try {
        JsonNode parsed = JSON.readTree(given);
        return parsed == null || parsed.isMissingNode() ? new TextNode(given) : parsed;
      } catch (JsonProcessingException e) {
        return new TextNode(given);
      }
    }
  }
}
