package dev.tandem.webhook.inject;

import dev.tandem.webhook.inject.ShellWords.UnsafeText;
import dev.tandem.webhook.inject.ShellWords.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether the text of {@code sh -c TEXT} can be edited: it is proven what vLLM gets where
 * the text is simple commands one after another, the last of which is vLLM, and none before it can
 * change what the last one means. Everything else is refused with the reason, because words added
 * to it might never reach vLLM or might come twice.
 *
 * <p>A program before vLLM, whatever its words, runs in a process of its own and cannot change the
 * shell; a builtin can. So builtins are known by name: harmless, setting variables, or refused.
 */
final class ShellScript {

  /** What came of the reading. */
  sealed interface Reading {}

  /**
   * Words for vLLM can be put in and changed.
   *
   * @param words vLLM's own, from its program on; the value of each is known
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

  /** Reserved words and builtins after which text no longer means what it seems to. */
  private static final Set<String> REFUSED =
      Set.of(
          // reserved words
          "if",
          "then",
          "else",
          "elif",
          "fi",
          "for",
          "select",
          "while",
          "until",
          "do",
          "done",
          "case",
          "esac",
          "in",
          "function",
          "time",
          "coproc",
          "!",
          "{",
          "}",
          "[[",
          "]]",
          // builtins that run other text, end the shell, or change what a word means
          ".",
          "source",
          "eval",
          "exec",
          "exit",
          "logout",
          "return",
          "break",
          "continue",
          "trap",
          "alias",
          "unalias",
          "command",
          "builtin",
          "enable",
          "hash",
          "shopt",
          "bind",
          "suspend",
          // builtins that set or drop variables in ways that are not read here
          "read",
          "mapfile",
          "readarray",
          "getopts",
          "let",
          "shift",
          "unset");

  /** Builtins whose words set variables. */
  private static final Set<String> ASSIGNING =
      Set.of("export", "readonly", "declare", "typeset", "local");

  /** Options of {@code set} that change when a script ends, not what it does. */
  private static final String HARMLESS_OPTIONS = "[-+][eux]*o?|pipefail|errexit|nounset|xtrace";

  private static final Set<String> PRINTING = Set.of("echo", "printf", ":", "true");

  private final List<List<Word>> commands;
  private final boolean bash;
  private final Set<String> assigned = new HashSet<>();

  /** Whether something was assigned whose name is not known: {@code export A=$B} may split. */
  private boolean assignedAny;

  private ShellScript(List<List<Word>> commands, boolean bash) {
    this.commands = commands;
    this.bash = bash;
  }

  /**
   * Reads a script.
   *
   * @param bash whether bash reads it, which never splits what is exported
   * @param variables values of the container's environment; null for what is not known
   */
  static Reading read(String text, boolean bash, Function<String, @Nullable String> variables) {
    try {
      List<List<Word>> commands = ShellWords.commands(text, variables);
      return commands.isEmpty()
          ? new Unsafe("it is empty")
          : new Safe(new ShellScript(commands, bash).wordsOfVllm());
    } catch (UnsafeText e) {
      return new Unsafe(e.getMessage());
    }
  }

  /** {@code word} as the shell has to be given it. */
  static String quote(String word) {
    return ShellWords.PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private List<Word> wordsOfVllm() throws UnsafeText {
    for (List<Word> earlier : commands.subList(0, commands.size() - 1)) {
      judgeEarlier(program(earlier));
    }
    List<Word> last = program(commands.getLast());
    if (!last.isEmpty() && last.getFirst().value().equals("exec")) {
      last = last.subList(1, last.size());
    }
    if (!runsVllm(last)) {
      throw new UnsafeText("its last command is not vLLM");
    }
    for (Word word : last) {
      needKnown(word);
      for (String variable : word.uses()) {
        if (assignedAny || assigned.contains(variable) || assigned.contains("IFS")) {
          throw new UnsafeText("it may set $%s before it uses it".formatted(variable));
        }
      }
    }
    return last;
  }

  /** A command from its program on; what it assigns before is noted. */
  private List<Word> program(List<Word> command) {
    int i = 0;
    while (i < command.size() && command.get(i).assigns() instanceof String variable) {
      assigned.add(variable);
      i++;
    }
    return command.subList(i, command.size());
  }

  private void judgeEarlier(List<Word> command) throws UnsafeText {
    if (command.isEmpty()) {
      return;
    }
    needKnown(command.getFirst());
    String program = command.getFirst().value();
    List<Word> words = command.subList(1, command.size());
    boolean printsInto =
        program.equals("printf") && words.stream().anyMatch(w -> w.value().startsWith("-v"));
    if (REFUSED.contains(program) || printsInto) {
      throw new UnsafeText("'" + program + "' comes before vLLM");
    }
    if (ASSIGNING.contains(program)) {
      for (Word word : words) {
        assign(program, word);
      }
    } else if (program.equals("set")) {
      for (Word word : words) {
        needKnown(word);
        if (!word.value().matches(HARMLESS_OPTIONS)) {
          throw new UnsafeText("'set %s' comes before vLLM".formatted(word.value()));
        }
      }
    }
    if (!PRINTING.contains(program) && mentionsVllm(command)) {
      throw new UnsafeText("it runs vLLM twice");
    }
  }

  private void assign(String program, Word word) throws UnsafeText {
    if (word.assigns() instanceof String variable) {
      assigned.add(variable);
      assignedAny |= word.splits() && !bash;
      return;
    }
    needKnown(word);
    if (!word.value().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new UnsafeText("'%s %s' comes before vLLM".formatted(program, word.value()));
    }
    assigned.add(word.value());
  }

  private static void needKnown(Word word) throws UnsafeText {
    if (word.unknown() != null) {
      throw new UnsafeText("the value of " + word.unknown() + " cannot be told");
    }
  }

  private static boolean runsVllm(List<Word> command) {
    List<String> words = command.stream().map(Word::value).toList();
    if (words.size() < 2) {
      return false;
    }
    if (fileName(words.getFirst()).equals("vllm")) {
      return words.get(1).equals("serve");
    }
    List<String> options = new ArrayList<>(words.subList(1, words.size()));
    options.remove("-u");
    return fileName(words.getFirst()).matches("python3?(\\.[0-9]+)?")
        && options.size() > 1
        && options.getFirst().equals("-m")
        && options.get(1).startsWith("vllm.entrypoints");
  }

  private static boolean mentionsVllm(List<Word> command) {
    for (int i = 0; i < command.size(); i++) {
      String word = command.get(i).value();
      boolean serves =
          fileName(word).equals("vllm")
              && i + 1 < command.size()
              && command.get(i + 1).value().equals("serve");
      if (serves || word.contains("vllm serve") || word.contains("vllm.entrypoints")) {
        return true;
      }
    }
    return false;
  }

  private static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }
}
