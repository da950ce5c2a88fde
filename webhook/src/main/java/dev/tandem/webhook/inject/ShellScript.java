package dev.tandem.webhook.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of {@code sh -c TEXT} as far as it can be proven what vLLM gets: simple commands
 * one after another, the last of which is vLLM. Everything else (pipes, substitutions, loops,
 * comments, patterns, variables nobody can look up) is refused with the place that is unsafe,
 * because words added to it might never reach vLLM or might come twice.
 *
 * <p>Grammar: POSIX.1-2024, Shell Command Language, sections 2.2, 2.3 and 2.9.1.
 */
final class ShellScript {

  /** What came of the reading. */
  sealed interface Reading {}

  /**
   * Words for vLLM can be put in and changed.
   *
   * @param words vLLM's own, from its program on
   */
  record Safe(List<Word> words) implements Reading {
    public Safe {
      words = List.copyOf(words);
    }
  }

  /**
   * Nothing may be changed.
   *
   * @param reason the construct that stands in the way
   */
  record Unsafe(String reason) implements Reading {}

  /**
   * A word of the last command.
   *
   * @param value what the program sees
   * @param start where it begins in the text
   * @param end the place after its last character
   */
  record Word(String value, int start, int end) {}

  /** Text that needs no quotes. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  /** What the kubelet replaces before the shell sees it, quoted or not. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([^)]*)\\)");

  /** Fields of the pod that we refer to ourselves; neither an address nor a UID has a quote. */
  private static final Set<String> OURS = Set.of("POD_IP", "POD_UID");

  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");

  /** First words after which text no longer means what it seems to. */
  private static final Set<String> REFUSED_COMMANDS =
      Set.of(
          "if",
          "for",
          "while",
          "until",
          "case",
          "select",
          "function",
          "time",
          "!",
          "{",
          "}",
          "[[",
          "then",
          "else",
          "fi",
          "do",
          "done",
          "esac",
          "coproc",
          ".",
          "source",
          "eval",
          "alias",
          "trap",
          "exec",
          "exit",
          "return",
          "shift",
          "read",
          "unset",
          "command",
          "builtin",
          "nohup");

  /** Commands that can change what a variable holds. */
  private static final Set<String> ASSIGNING = Set.of("export", "declare", "local", "readonly");

  private final String text;
  private final Function<String, @Nullable String> variables;
  private final List<List<Word>> commands = new ArrayList<>();
  private List<Word> command = new ArrayList<>();
  private int at;
  private boolean usesVariables;

  private ShellScript(String text, Function<String, @Nullable String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /**
   * Reads a script.
   *
   * @param variables literal values of the container's environment; null for what is not known
   */
  static Reading read(String text, Function<String, @Nullable String> variables) {
    try {
      return new ShellScript(text, variables).read();
    } catch (UnsafeText e) {
      return new Unsafe(e.getMessage());
    }
  }

  /** {@code word} as the shell has to be given it. */
  static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private Reading read() throws UnsafeText {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || text.startsWith("\\\n", at)) {
        at += c == '\\' ? 2 : 1;
      } else if (c == '\n' || c == ';') {
        at++;
        endCommand();
      } else if (text.startsWith("&&", at)) {
        at += 2;
        endCommand();
      } else {
        command.add(word());
      }
    }
    endCommand();
    if (commands.isEmpty()) {
      throw new UnsafeText("it is empty");
    }
    return judged();
  }

  private Reading judged() throws UnsafeText {
    boolean assigns = false;
    for (List<Word> earlier : commands.subList(0, commands.size() - 1)) {
      String first = earlier.getFirst().value();
      assigns |= ASSIGNMENT.matcher(first).matches() || ASSIGNING.contains(first);
      if (REFUSED_COMMANDS.contains(first)) {
        throw new UnsafeText("'" + first + "' comes before vLLM");
      }
      if (runsVllm(earlier)) {
        throw new UnsafeText("it runs vLLM twice");
      }
    }
    List<Word> last = new ArrayList<>(commands.getLast());
    while (!last.isEmpty() && ASSIGNMENT.matcher(last.getFirst().value()).matches()) {
      assigns = true;
      last.removeFirst();
    }
    if (!last.isEmpty() && last.getFirst().value().equals("exec")) {
      last.removeFirst();
    }
    if (!runsVllm(last)) {
      throw new UnsafeText("its last command is not vLLM");
    }
    if (assigns && usesVariables) {
      throw new UnsafeText("it sets variables and uses some");
    }
    return new Safe(last);
  }

  private static boolean runsVllm(List<Word> words) {
    if (words.size() < 2) {
      return false;
    }
    String program = fileName(words.getFirst().value());
    if (program.equals("vllm")) {
      return words.get(1).value().equals("serve");
    }
    return program.matches("python3?(\\.[0-9]+)?")
        && words.size() > 2
        && words.get(1).value().equals("-m")
        && words.get(2).value().startsWith("vllm.entrypoints");
  }

  private static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }

  private void endCommand() {
    if (!command.isEmpty()) {
      commands.add(command);
      command = new ArrayList<>();
    }
  }

  private Word word() throws UnsafeText {
    int start = at;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && !endsWord(text.charAt(at))) {
      char c = text.charAt(at);
      switch (c) {
        case '\'' -> singleQuoted(value);
        case '"' -> doubleQuoted(value);
        case '$' -> value.append(variable(true));
        case '\\' -> escaped(value);
        case '|', '&', '<', '>', '(', ')', '`', '*', '?', '[', ']', '{', '}', '~', '!' ->
            throw new UnsafeText("'" + c + "' at character " + at);
        case '#' -> {
          if (value.isEmpty()) {
            throw new UnsafeText("a comment at character " + at);
          }
          value.append(c);
          at++;
        }
        default -> {
          if (Character.isISOControl(c)) {
            throw new UnsafeText("a control character at " + at);
          }
          value.append(c);
          at++;
        }
      }
    }
    return new Word(value.toString(), start, at);
  }

  private boolean endsWord(char c) {
    return c == ' '
        || c == '\t'
        || c == '\n'
        || c == ';'
        || text.startsWith("&&", at)
        || text.startsWith("\\\n", at);
  }

  private void escaped(StringBuilder value) throws UnsafeText {
    if (at + 1 >= text.length()) {
      throw new UnsafeText("it ends in a backslash");
    }
    value.append(text.charAt(at + 1));
    at += 2;
  }

  private void singleQuoted(StringBuilder value) throws UnsafeText {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw new UnsafeText("a quote is not closed");
    }
    String quoted = text.substring(at + 1, end);
    Matcher reference = REFERENCE.matcher(quoted);
    while (reference.find()) {
      String known = variables.apply(reference.group(1));
      boolean ours = known == null && OURS.contains(reference.group(1));
      if (!ours && (known == null || known.contains("'"))) {
        throw new UnsafeText("the value of " + reference.group() + " cannot be told");
      }
    }
    value.append(quoted);
    at = end + 1;
  }

  private void doubleQuoted(StringBuilder value) throws UnsafeText {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '$') {
        value.append(variable(false));
      } else if (c == '`') {
        throw new UnsafeText("'`' at character " + at);
      } else if (c == '\\'
          && at + 1 < text.length()
          && "\"\\$`".indexOf(text.charAt(at + 1)) >= 0) {
        escaped(value);
      } else {
        value.append(c);
        at++;
      }
    }
    if (at >= text.length()) {
      throw new UnsafeText("a quote is not closed");
    }
    at++;
  }

  /** The literal value of a variable; unquoted it must not split into several words. */
  private String variable(boolean unquoted) throws UnsafeText {
    int start = at;
    boolean braced = text.startsWith("${", at);
    int from = at + (braced ? 2 : 1);
    int end = from;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    if (end == from || (braced && (end >= text.length() || text.charAt(end) != '}'))) {
      throw new UnsafeText("'$' at character " + start);
    }
    String name = text.substring(from, end);
    String value = variables.apply(name);
    if (value == null || (unquoted && !PLAIN.matcher(value).matches())) {
      throw new UnsafeText("the value of $" + name + " cannot be told");
    }
    usesVariables = true;
    at = braced ? end + 1 : end;
    return value;
  }

  private static final class UnsafeText extends Exception {
    private static final long serialVersionUID = 1;

    UnsafeText(String reason) {
      super(reason, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
