package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code command} and {@code args} of one container read as vLLM reads them, as a view on its tree.
 * One thread.
 *
 * <p>Flags are matched as vLLM's parser does: {@code --flag value} or {@code --flag=value},
 * underscores for dashes, and a dotted {@code --flag.key} sets part of a JSON flag
 * (vllm/utils/argparse_utils.py).
 */
final class CommandLine {

  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "busybox");

  private final ObjectNode container;

  CommandLine(ObjectNode container) {
    this.container = container;
  }

  /** Command and arguments, in the order the process sees them. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    container.path("command").forEach(word -> words.add(word.asText()));
    container.path("args").forEach(word -> words.add(word.asText()));
    return words;
  }

  boolean isEmpty() {
    return words().isEmpty();
  }

  /** Whether a shell, and not vLLM, reads the words: nothing appended would surely reach vLLM. */
  boolean throughShell() {
    return words().stream().anyMatch(word -> SHELLS.contains(fileName(word)));
  }

  /** Whether any word names vLLM: the program, its module, or a shell text that runs it. */
  boolean mentionsVllm() {
    return words().stream()
        .anyMatch(word ->
            fileName(word).equals("vllm")
                || word.startsWith("vllm.entrypoints")
                || word.contains("vllm serve")
                || word.contains("vllm.entrypoints"));
  }

  /** Whether the container replaces its image's entry point. */
  boolean replacesEntryPoint() {
    return !container.path("command").isEmpty();
  }

  /** The last value given for any of these flags, as argparse takes it; null where none is. */
  @Nullable String value(String... flags) {
    List<String> words = words();
    String value = null;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      if (equals > 0 && is(word.substring(0, equals), flags)) {
        value = word.substring(equals + 1);
      } else if (is(word, flags) && i + 1 < words.size()) {
        value = words.get(i + 1);
      }
    }
    return value;
  }

  /** Whether the user decided this flag in any form, its {@code --no-} form included. */
  boolean has(String flag) {
    String negated = "--no-" + flag.substring(2);
    for (String word : words()) {
      String name = normal(word.indexOf('=') > 0 ? word.substring(0, word.indexOf('=')) : word);
      if (name.equals(flag) || name.equals(negated) || name.startsWith(flag + ".")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The model given by place: after {@code serve}, or first where the image's entry point serves.
   */
  @Nullable String positionalModel() {
    List<String> words = words();
    int serve = words.indexOf("serve");
    int at = serve >= 0 ? serve + 1 : 0;
    boolean entryPointServes = serve < 0 && !replacesEntryPoint();
    if ((serve >= 0 || entryPointServes)
        && at < words.size()
        && !words.get(at).startsWith("-")
        && !words.get(at).isBlank()) {
      return words.get(at);
    }
    return null;
  }

  /** Adds words at the end, where later flags win. */
  void append(String... words) {
    ArrayNode args = container.withArrayProperty("args");
    for (String word : words) {
      args.add(word);
    }
  }

  /** Gives a flag this value wherever it stands, or appends it where it does not. */
  void set(String flag, String value) {
    boolean set = setIn(container.path("command"), flag, value);
    set |= setIn(container.path("args"), flag, value);
    if (!set) {
      append(flag, value);
    }
  }

  private static boolean setIn(JsonNode words, String flag, String value) {
    boolean set = false;
    if (words instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        String word = array.get(i).asText();
        int equals = word.indexOf('=');
        if (equals > 0 && is(word.substring(0, equals), flag)) {
          array.set(i, array.textNode(word.substring(0, equals + 1) + value));
          set = true;
        } else if (is(word, flag) && i + 1 < array.size()) {
          array.set(i + 1, array.textNode(value));
          set = true;
        }
      }
    }
    return set;
  }

  private static boolean is(String word, String... flags) {
    String name = normal(word);
    for (String flag : flags) {
      if (name.equals(flag)) {
        return true;
      }
    }
    return false;
  }

  private static String normal(String flag) {
    return flag.startsWith("--") ? flag.replace('_', '-') : flag;
  }

  private static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }
}
