package dev.tandem.standin.cache;

import java.util.ArrayList;
import java.util.List;

/** What enters a block's hash besides tokens: the LoRA name, then on the first block the salt. */
final class ExtraKeys {
  private ExtraKeys() {}

  /** One list a block of the run, or an empty list when no block of it has any. */
  static List<List<String>> of(Prompt prompt, int from, int to) {
    boolean salted = from == 0 && prompt.cacheSalt() != null;
    if (prompt.lora() == null && !salted) {
      return List.of();
    }
    List<List<String>> keys = new ArrayList<>(to - from);
    for (int block = from; block < to; block++) {
      List<String> ofBlock = new ArrayList<>(2);
      if (prompt.lora() != null) {
        ofBlock.add(prompt.lora());
      }
      if (block == 0 && prompt.cacheSalt() != null) {
        ofBlock.add(prompt.cacheSalt());
      }
      keys.add(ofBlock);
    }
    return keys;
  }
}
