package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what the engine produces for one HTTP request. Event loop only. */
interface Answer {
  /** Tokens {@code from} to {@code to} of a sequence are there. */
  void tokens(Sequence sequence, int from, int to);

  /**
   * A sequence ended well.
   *
   * @param transferParams what another engine needs to pull its blocks, or null
   */
  void finished(Sequence sequence, @Nullable ObjectNode transferParams);

  /** A sequence cannot go on, so neither can the answer. */
  void failed();

  /**
   * What all parts of one answer share.
   *
   * @param id {@code cmpl-} or {@code chatcmpl-} and the request id
   * @param created seconds since the epoch
   * @param model the name asked for
   * @param chat chat instead of completions
   * @param sequences all of them
   * @param promptTokensDetails usage says how many prompt tokens were cached
   */
  record Frame(
      String id,
      long created,
      String model,
      boolean chat,
      List<Sequence> sequences,
      boolean promptTokensDetails) {
    public Frame {
      sequences = List.copyOf(sequences);
    }

    /** The usage so far. */
    ObjectNode usage() {
      int prompt = 0;
      int completion = 0;
      int cached = 0;
      for (Sequence sequence : sequences) {
        completion += sequence.emitted();
        if (sequence.first()) {
          prompt += sequence.prompt().length;
          cached += sequence.cachedTokens();
        }
      }
      ObjectNode usage = JsonNodeFactory.instance.objectNode();
      usage.put("prompt_tokens", prompt);
      usage.put("total_tokens", prompt + completion);
      usage.put("completion_tokens", completion);
      if (promptTokensDetails) {
        usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
      } else {
        usage.putNull("prompt_tokens_details");
      }
      return usage;
    }
  }
}
