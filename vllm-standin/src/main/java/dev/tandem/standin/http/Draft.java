package dev.tandem.standin.http;

import dev.tandem.standin.schedule.FinishReason;
import dev.tandem.standin.tokens.OutputText;
import dev.tandem.standin.tokens.Tokens;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer one sequence will give, known before it starts: the same prompt, seed and choice give
 * the same text on every engine. Immutable.
 */
final class Draft {
  private final OutputText words;
  private final int tokens;
  private final int characters;
  private final FinishReason reason;
  private final @Nullable String stopReason;

  private Draft(
      OutputText words,
      int tokens,
      int characters,
      FinishReason reason,
      @Nullable String stopReason) {
    this.words = words;
    this.tokens = tokens;
    this.characters = characters;
    this.reason = reason;
    this.stopReason = stopReason;
  }

  /**
   * @param most tokens there is room for
   * @param defaultTokens where an answer without a limit ends by itself
   */
  static Draft of(
      int[] prompt, CompletionRequest request, int choice, int most, int defaultTokens) {
    OutputText words =
        new OutputText(31L * Arrays.hashCode(prompt) + 1_000_003L * choice + request.seed());
    Integer limit = request.limit();
    boolean endsByItself = limit == null && !request.ignoreEnd() && defaultTokens <= most;
    int tokens = limit != null ? limit : endsByItself ? defaultTokens : most;
    if (!request.stop().isEmpty()) {
      Draft stopped = stopped(words, tokens, request.stop());
      if (stopped != null) {
        return stopped;
      }
    }
    return new Draft(
        words,
        tokens,
        tokens * Tokens.BYTES_PER_TOKEN,
        endsByItself ? FinishReason.STOP : FinishReason.LENGTH,
        null);
  }

  int tokens() {
    return tokens;
  }

  FinishReason reason() {
    return reason;
  }

  /** The stop string that ended it, or null. */
  @Nullable String stopReason() {
    return stopReason;
  }

  /** The text of tokens {@code from} to {@code to}; a stop string itself is left out. */
  String text(int from, int to) {
    String text = words.words(from, to);
    int end = characters - from * Tokens.BYTES_PER_TOKEN;
    return end >= text.length() ? text : text.substring(0, Math.max(0, end));
  }

  /** The ids of these tokens. */
  int[] tokenIds(int from, int to) {
    return Tokens.of(words.words(from, to));
  }

  private static @Nullable Draft stopped(OutputText words, int tokens, List<String> stops) {
    String all = words.words(0, tokens);
    int first = 0;
    String found = "";
    for (String stop : stops) {
      int at = all.indexOf(stop);
      if (at >= 0 && (found.isEmpty() || at + stop.length() < first + found.length())) {
        first = at;
        found = stop;
      }
    }
    if (found.isEmpty()) {
      return null;
    }
    int end = first + found.length();
    int needed = (end + Tokens.BYTES_PER_TOKEN - 1) / Tokens.BYTES_PER_TOKEN;
    return new Draft(words, needed, first, FinishReason.STOP, found);
  }
}
