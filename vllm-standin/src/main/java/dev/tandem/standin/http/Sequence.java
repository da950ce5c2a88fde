package dev.tandem.standin.http;

import dev.tandem.standin.schedule.Generation;
import org.jspecify.annotations.Nullable;

/** One choice of an answer on its way. Event loop only. */
final class Sequence {
  private final int index;
  private final int choice;
  private final int[] prompt;
  private final Draft draft;
  private @Nullable Generation generation;

  /**
   * @param index position in the answer's choices
   * @param choice which of the n answers to its prompt it is
   */
  Sequence(int index, int choice, int[] prompt, Draft draft) {
    this.index = index;
    this.choice = choice;
    this.prompt = prompt;
    this.draft = draft;
  }

  int index() {
    return index;
  }

  int[] prompt() {
    return prompt;
  }

  /** The first answer to its prompt: usage counts the prompt there. */
  boolean first() {
    return choice == 0;
  }

  Draft draft() {
    return draft;
  }

  void generation(Generation started) {
    generation = started;
  }

  @Nullable Generation generation() {
    return generation;
  }

  int cachedTokens() {
    return generation == null ? 0 : generation.cachedTokens();
  }

  int emitted() {
    return generation == null ? 0 : generation.emitted();
  }
}
