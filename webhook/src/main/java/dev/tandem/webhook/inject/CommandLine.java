package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code command} and {@code args} of one container read as vLLM reads them, as a view on its tree.
 * One thread.
 *
 * <p>Flags are matched as vLLM's parser does: {@code --flag value} or {@code --flag=value},
 * underscores for dashes, names cut short, and a dotted {@code --flag.key} sets part of a JSON flag
 * (vllm/utils/argparse_utils.py over Python's argparse).
 */
final class CommandLine {

  /** What vLLM's program does other than to serve (vllm/entrypoints/cli). */
  private static final Set<String> OTHER_COMMANDS =
      Set.of("bench", "chat", "complete", "run-batch", "collect-env", "launch");

  /** A flag that is the beginning of another one: here it is never that one cut short. */
  private static final String WHOLE_FLAG = "--data-parallel-size";

  /** Letters from which on a flag cut short is taken for the flag, as argparse does. */
  private static final int LEAST_LETTERS = 8;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  private final ObjectNode container;
  private List<String> wordsRead = List.of();
  private ShellScript.@Nullable Reading script;

  CommandLine(ObjectNode container) {
    this.container = container;
  }

  /**
   * Command and arguments, in the order vLLM sees them: of a script that can be edited safely its
   * vLLM command's, of any other the words as they stand.
   */
  List<String> words() {
    return script() instanceof ShellScript.Safe(List<ShellWords.Word> words)
        ? words.stream().map(ShellWords.Word::value).toList()
        : rawWords();
  }

  /** Why nothing may be added: a shell reads the words, and not as vLLM would; null: it may. */
  @Nullable String obstacle() {
    String obstacle =
        switch (script()) {
          case ShellScript.Safe _ -> null;
          case ShellScript.Unsafe(String reason) -> reason;
          case null ->
              ContainerScript.among(rawWords()) ? "it is not of the form sh -c TEXT" : null;
        };
    return obstacle == null && endsFlags() ? "'--' ends vLLM's flags" : obstacle;
  }

  /** Whether what is added behind would count as a positional argument. */
  private boolean endsFlags() {
    List<String> words = words();
    return words.lastIndexOf("--") > words.indexOf("serve") && words.contains("serve");
  }

  /** Whether this is vLLM's program doing something other than to serve. */
  boolean runsOtherCommandOfVllm() {
    List<String> words = words();
    int vllm = 0;
    while (vllm < words.size() && !fileName(words.get(vllm)).equals("vllm")) {
      vllm++;
    }
    return vllm + 1 < words.size() && OTHER_COMMANDS.contains(words.get(vllm + 1));
  }

  private List<String> rawWords() {
    List<String> words = new ArrayList<>();
    container.path("command").forEach(word -> words.add(word.asText()));
    container.path("args").forEach(word -> words.add(word.asText()));
    return words;
  }

  /** The container's script; null where it has none. Read once, until it is rewritten. */
  private ShellScript.@Nullable Reading script() {
    List<String> words = rawWords();
    if (!words.equals(wordsRead)) {
      wordsRead = words;
      script = ContainerScript.read(words, new Environment(container));
    }
    return script;
  }

  private void rewriteScript(UnaryOperator<String> change) {
    String list = container.path("args").isEmpty() ? "command" : "args";
    ArrayNode words = container.withArrayProperty(list);
    words.set(words.size() - 1, words.textNode(change.apply(words.get(words.size() - 1).asText())));
  }

  /** Whether any word names vLLM: the program, its module, or a text that runs it. */
  boolean mentionsVllm() {
    return words().stream()
        .anyMatch(word ->
            fileName(word).equals("vllm")
                || word.startsWith("vllm.entrypoints")
                || ContainerScript.holdsCommandOfVllm(word));
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

  /** The last number given for any of these flags; {@code otherwise} where none can be told. */
  int number(int otherwise, String... flags) {
    String given = value(flags);
    String value = given == null ? null : new Environment(container).resolve(given);
    return value != null && NUMBER.matcher(value).matches() ? Integer.parseInt(value) : otherwise;
  }

  /** Whether the user decided this flag in any form, its {@code --no-} form included. */
  boolean has(String flag) {
    String negated = "--no-" + flag.substring(2);
    for (String word : words()) {
      String name = normal(word.indexOf('=') > 0 ? word.substring(0, word.indexOf('=')) : word);
      if (is(name, flag, negated) || name.startsWith(flag + ".")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a switch is on: its last form counts, and {@code --no-} switches it off. */
  boolean on(String flag) {
    boolean on = false;
    for (String word : words()) {
      on = is(word, flag) || (on && !is(word, "--no-" + flag.substring(2)));
    }
    return on;
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

  /**
   * Adds words at the end, where later flags win.
   *
   * @throws IllegalStateException where there is an {@link #obstacle}
   */
  void append(String... words) {
    if (script() instanceof ShellScript.Safe(List<ShellWords.Word> own)) {
      StringBuilder added = new StringBuilder();
      for (String word : words) {
        added.append(' ').append(ShellScript.quote(word));
      }
      int end = own.getLast().end();
      rewriteScript(text -> text.substring(0, end) + added + text.substring(end));
      return;
    }
    if (obstacle() != null) {
      throw new IllegalStateException("words cannot be added to this command: " + obstacle());
    }
    ArrayNode args = container.withArrayProperty("args");
    for (String word : words) {
      args.add(word);
    }
  }

  /** Gives a flag this value wherever it stands, or appends it where it does not. */
  void set(String flag, String value) {
    if (script() instanceof ShellScript.Safe(List<ShellWords.Word> words)) {
      setInScript(words, flag, value);
      return;
    }
    boolean set = setIn(container.path("command"), flag, value);
    set |= setIn(container.path("args"), flag, value);
    if (!set) {
      append(flag, value);
    }
  }

  /** From the last word to the first, so that the places of those before stay right. */
  private void setInScript(List<ShellWords.Word> words, String flag, String value) {
    boolean set = false;
    for (int i = words.size() - 1; i >= 0; i--) {
      String word = words.get(i).value();
      int equals = word.indexOf('=');
      if (equals > 0 && is(word.substring(0, equals), flag)) {
        replace(words.get(i), word.substring(0, equals + 1) + value);
        set = true;
      } else if (is(word, flag) && i + 1 < words.size() && isValue(words.get(i + 1).value())) {
        replace(words.get(i + 1), value);
        set = true;
      }
    }
    if (!set) {
      append(flag, value);
    }
  }

  private void replace(ShellWords.Word word, String value) {
    rewriteScript(text ->
        text.substring(0, word.start()) + ShellScript.quote(value) + text.substring(word.end()));
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
        } else if (is(word, flag) && i + 1 < array.size() && isValue(array.get(i + 1).asText())) {
          array.set(i + 1, array.textNode(value));
          set = true;
        }
      }
    }
    return set;
  }

  /** A flag whose value is missing is not given the next flag's place. */
  private static boolean isValue(String word) {
    return !word.startsWith("--");
  }

  private static boolean is(String word, String... flags) {
    String name = normal(word);
    for (String flag : flags) {
      boolean cutShort =
          name.length() >= LEAST_LETTERS && flag.startsWith(name) && !name.equals(WHOLE_FLAG);
      if (name.equals(flag) || cutShort) {
        return true;
      }
    }
    return false;
  }

  private static String normal(String flag) {
    return flag.startsWith("--") ? flag.replace('_', '-') : flag;
  }

  /** The last part of a path. */
  static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }
}
