package dev.tandem.webhook.inject;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits the text of {@code sh -c TEXT} into simple commands and their words, and refuses it at the
 * first construct that is more than that: pipes, redirections, groups, loops, patterns,
 * here-documents, background jobs. What the shell would put in place of a variable is looked up, or
 * noted as unknown.
 *
 * <p>The kubelet replaces {@code $(NAME)} before the shell sees the text, quoted or not, and turns
 * {@code $$} into {@code $} (k8s.io/kubernetes third_party/forked/golang/expansion); both are read
 * in that order here too.
 *
 * <p>Grammar: POSIX.1-2024, Shell Command Language, sections 2.2, 2.3 and 2.9.1.
 */
final class ShellWords {

  /**
   * A word of a command.
   *
   * @param value what the program sees, but for the pod's address and UID, which stay references,
   *     and the parts that are unknown, which are left out
   * @param start where it begins in the text
   * @param end the place after its last character
   * @param assigns the variable it sets where it stands before the program; null where it sets none
   * @param uses the variables whose value it holds
   * @param unknown the part nobody can look up; null where {@code value} is the whole
   * @param splits whether an unknown part stands outside quotes, where it may be several words
   */
  record Word(
      String value,
      int start,
      int end,
      @Nullable String assigns,
      Set<String> uses,
      @Nullable String unknown,
      boolean splits) {
    Word {
      uses = Set.copyOf(uses);
    }
  }

  /** The text is more than simple commands; the message names the construct and its place. */
  static final class UnsafeText extends Exception {
    private static final long serialVersionUID = 1;

    UnsafeText(String reason) {
      super(reason, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** Characters that no shell takes apart, quoted or not. */
  static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\+?=.*", Pattern.DOTALL);

  /** What the kubelet replaces before the shell sees it. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([^)]*)\\)");

  /**
   * A command in place of a word, without quotes, groups or substitutions in it, so that it is
   * certain where it ends; and with a blank, or the kubelet could take it for a variable.
   */
  private static final Pattern SUBSTITUTION =
      Pattern.compile("\\$\\([A-Za-z0-9_./:=,@%+|-]+ [A-Za-z0-9_ ./:=,@%+|-]*\\)");

  /** A variable, with text for when it is unset; {@code :=} would set it and is not among these. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:([A-Za-z_][A-Za-z0-9_]*)"
              + "|\\{([A-Za-z_][A-Za-z0-9_]*)(:?[-+][A-Za-z0-9_./:,@%+-]*)?\\})");

  /** Fields of the pod that we refer to ourselves; neither an address nor a UID has a quote. */
  private static final Set<String> OURS = Set.of("POD_IP", "POD_UID");

  /** Variables a shell sets itself, whatever it was given. */
  private static final Set<String> OF_THE_SHELL =
      Set.of(
          "PWD",
          "OLDPWD",
          "RANDOM",
          "SECONDS",
          "LINENO",
          "UID",
          "EUID",
          "PPID",
          "SHLVL",
          "IFS",
          "OPTIND",
          "BASHPID",
          "EPOCHSECONDS",
          "HOSTNAME",
          "_");

  /** Characters shown to either side of a place. */
  private static final int NEAR = 16;

  private final String text;
  private final Function<String, @Nullable String> variables;
  private final List<List<Word>> commands = new ArrayList<>();
  private List<Word> command = new ArrayList<>();
  private Set<String> uses = new HashSet<>();
  private @Nullable String unknown;
  private boolean splits;
  private boolean replacedByKubelet;
  private int behindName = -1;
  private int at;

  private ShellWords(String text, Function<String, @Nullable String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /**
   * The commands of a text in order, none without words.
   *
   * @param variables values of the container's environment; null for what is not known
   */
  static List<List<Word>> commands(String text, Function<String, @Nullable String> variables)
      throws UnsafeText {
    return new ShellWords(text, variables).read();
  }

  private List<List<Word>> read() throws UnsafeText {
    boolean open = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || continues(at)) {
        at += c == '\\' ? 2 : 1;
      } else if (c == '\n') {
        at++;
        endCommand();
      } else if (c == ';' || text.startsWith("&&", at)) {
        if (command.isEmpty()) {
          throw unsafe("no command before '" + c + "'");
        }
        open = c == '&';
        at += open ? 2 : 1;
        endCommand();
      } else if (c == '#') {
        comment();
      } else {
        open = false;
        command.add(word());
      }
    }
    endCommand();
    if (open) {
      throw unsafe("no command after '&&'");
    }
    return commands;
  }

  private void endCommand() {
    if (!command.isEmpty()) {
      commands.add(command);
      command = new ArrayList<>();
    }
  }

  /** A comment ends with its line; what the kubelet puts into it could hold another line. */
  private void comment() throws UnsafeText {
    int end = text.indexOf('\n', at);
    String comment = text.substring(at, end < 0 ? text.length() : end);
    if (comment.contains("$(") || comment.endsWith("\\")) {
      throw unsafe("a comment that may not end with its line");
    }
    at += comment.length();
  }

  private Word word() throws UnsafeText {
    int start = at;
    uses = new HashSet<>();
    unknown = null;
    splits = false;
    replacedByKubelet = false;
    StringBuilder value = new StringBuilder();
    while (at < text.length() && !endsWord(text.charAt(at))) {
      char c = text.charAt(at);
      switch (c) {
        case '\'' -> singleQuoted(value);
        case '"' -> doubleQuoted(value);
        case '$' -> value.append(variable(true));
        case '\\' -> escaped(value);
        case '|', '&', '<', '>', '(', ')', '`', '*', '?', '[', ']', '{', '}', '~', '!' ->
            throw unsafe("'" + c + "'");
        default -> {
          if (Character.isISOControl(c) || c > 126) {
            throw unsafe("an unusual character outside quotes");
          }
          value.append(c);
          at++;
        }
      }
    }
    if (replacedByKubelet && ASSIGNMENT.matcher(value).matches()) {
      throw unsafe("'$(' may make a variable's name");
    }
    String raw = text.substring(start, at).replace("\\\n", "");
    Matcher assignment = ASSIGNMENT.matcher(raw);
    return new Word(
        value.toString(),
        start,
        at,
        assignment.matches() ? assignment.group(1) : null,
        uses,
        unknown,
        splits);
  }

  private boolean endsWord(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == ';' || text.startsWith("&&", at);
  }

  /** Whether the line goes on in the next one; the shell takes both characters out. */
  private boolean continues(int place) {
    return text.startsWith("\\\n", place);
  }

  private void escaped(StringBuilder value) throws UnsafeText {
    if (continues(at)) {
      at += 2;
      return;
    }
    if (at + 1 >= text.length()) {
      throw unsafe("it ends in a backslash");
    }
    if (text.startsWith("\\$(", at) || text.startsWith("\\$$", at)) {
      throw unsafe("the kubelet reads this '$' before the shell");
    }
    value.append(text.charAt(at + 1));
    at += 2;
  }

  private void singleQuoted(StringBuilder value) throws UnsafeText {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw unsafe("a quote is not closed");
    }
    String quoted = text.substring(at + 1, end);
    if (quoted.contains("$$")) {
      throw unsafe("the kubelet reads '$$' before the shell");
    }
    Matcher reference = REFERENCE.matcher(quoted);
    while (reference.find()) {
      String known = variables.apply(reference.group(1));
      if (known == null && OURS.contains(reference.group(1))) {
        known = reference.group();
      }
      if (known == null || known.contains("'")) {
        throw new UnsafeText("the value of " + reference.group() + " cannot be told");
      }
      reference.appendReplacement(value, Matcher.quoteReplacement(known));
    }
    reference.appendTail(value);
    at = end + 1;
  }

  private void doubleQuoted(StringBuilder value) throws UnsafeText {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '$') {
        value.append(variable(false));
      } else if (c == '`') {
        throw unsafe("'`'");
      } else if (c == '\\'
          && at + 1 < text.length()
          && "\"\\$`\n".indexOf(text.charAt(at + 1)) >= 0) {
        escaped(value);
      } else {
        value.append(c);
        at++;
      }
    }
    if (at >= text.length()) {
      throw unsafe("a quote is not closed");
    }
    at++;
  }

  /**
   * The value of a variable; unquoted it must not split into several words. What cannot be told
   * leaves the word unknown: its value does not matter everywhere.
   */
  private String variable(boolean unquoted) throws UnsafeText {
    Matcher substitution = SUBSTITUTION.matcher(text).region(at, text.length());
    if (substitution.lookingAt()) {
      return unknown(substitution.group(), unquoted);
    }
    if (text.startsWith("$(", at)) {
      return ofTheKubelet();
    }
    Matcher variable = VARIABLE.matcher(text).region(at, text.length());
    if (!variable.lookingAt() || (variable.group(1) != null && continues(variable.end()))) {
      throw unsafe("'$'");
    }
    String name = variable.group(1) != null ? variable.group(1) : variable.group(2);
    String value = OF_THE_SHELL.contains(name) ? null : variables.apply(name);
    String otherwise = variable.group(3) == null ? "-" : variable.group(3);
    boolean whole = otherwise.matches(":?-.*") && !(value != null && value.isEmpty());
    if (value == null || !whole || (unquoted && !PLAIN.matcher(value).matches())) {
      return unknown(variable.group(), unquoted);
    }
    uses.add(name);
    at = variable.end();
    behindName = variable.group(1) != null ? at : -1;
    return value;
  }

  /** {@code $(NAME)} outside single quotes: the shell reads the value as text of its own. */
  private String ofTheKubelet() throws UnsafeText {
    Matcher reference = REFERENCE.matcher(text).region(at, text.length());
    String value = reference.lookingAt() ? variables.apply(reference.group(1)) : null;
    if (value == null || at == behindName || !PLAIN.matcher(value).matches()) {
      throw unsafe("'$('");
    }
    replacedByKubelet = true;
    at = reference.end();
    return value;
  }

  private String unknown(String part, boolean unquoted) {
    unknown = part;
    splits |= unquoted;
    at += part.length();
    behindName = part.endsWith("}") ? -1 : at;
    return "";
  }

  private UnsafeText unsafe(String what) {
    String near =
        text.substring(Math.max(0, at - NEAR), Math.min(text.length(), at + NEAR))
            .replaceAll("[\\p{Cntrl} ]+", " ")
            .strip();
    return new UnsafeText("%s at character %d, near %s".formatted(what, at, near));
  }
}
