package dev.tandem.webhook.inject;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the shell text among a container's words, and whether there is one that cannot be read. */
final class ContainerScript {

  /** Programs that read a word as text of their own. */
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "csh", "tcsh", "fish", "busybox");

  /** Shells whose grammar is the one read here. */
  private static final Set<String> POSIX_SHELLS = Set.of("sh", "bash", "ash", "dash");

  /** Options between the shell and its text that do not change what the text means. */
  private static final Pattern OPTIONS =
      Pattern.compile("((-[eux]+|-[eux]*o pipefail|pipefail) )*-[euxl]*(c|o pipefail -c)");

  /** A login shell reads profiles, which may set any variable. */
  private static final Pattern LOGIN = Pattern.compile("(.* )?-[a-z]*l[a-z]*( .*)?");

  /** vLLM's program, or its module, somewhere in a text. */
  private static final Pattern COMMAND_OF_VLLM =
      Pattern.compile("\\bvllm(\\s|\\\\\n)+serve\\b|\\s-m\\s+vllm\\.entrypoints");

  /** Linux runs no program with a longer argument (MAX_ARG_STRLEN). */
  private static final int MOST_CHARACTERS = 131_072;

  private ContainerScript() {}

  /** Whether some program takes one of these words apart. */
  static boolean among(List<String> words) {
    return words.stream()
        .anyMatch(word -> SHELLS.contains(CommandLine.fileName(word)) || holdsCommandOfVllm(word));
  }

  /** Whether a single word is a whole command line with vLLM in it. */
  static boolean holdsCommandOfVllm(String word) {
    // Every word of every container comes by here, and hardly one names vLLM.
    return word.contains("vllm") && COMMAND_OF_VLLM.matcher(word).find();
  }

  /** Reads the text of {@code sh -c TEXT}; null where the words have another form. */
  static ShellScript.@Nullable Reading read(List<String> words, Environment environment) {
    if (words.size() < 3 || !POSIX_SHELLS.contains(CommandLine.fileName(words.getFirst()))) {
      return null;
    }
    String options = String.join(" ", words.subList(1, words.size() - 1));
    if (!OPTIONS.matcher(options).matches()) {
      return null;
    }
    if (words.getLast().length() > MOST_CHARACTERS) {
      return new ShellScript.Unsafe("it is longer than an argument may be");
    }
    if (environment.hasPrefix("BASH_")) {
      return new ShellScript.Unsafe("BASH_* variables make the shell read other text first");
    }
    Map<String, String> values = LOGIN.matcher(options).matches() ? Map.of() : environment.values();
    boolean bash = CommandLine.fileName(words.getFirst()).equals("bash");
    return ShellScript.read(words.getLast(), bash, values::get);
  }
}
