package dev.tandem.router.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A completion request as far as routing needs it.
 *
 * @param model the model or LoRA adapter asked for; empty when the caller named none
 * @param prompt the prompt rendered to UTF-8, only for hashing and counting, never sent; of several
 *     prompts the first, and empty where {@code tokens} are known
 * @param tokens the prompt as token ids, or null where only its text is known; not to be changed
 * @param inputTokens prompt length in tokens, at least 1: counted where they are known, else
 *     estimated; of several prompts all
 * @param stream whether the answer is a stream of events
 * @param splittable whether prefill and decode may run on different engines; false for several
 *     sequences or answers that need the prompt's own log probabilities, of which a prefill engine
 *     hands over only one (vLLM's transfer parameters name one sequence)
 * @param cacheSalt the caller's cache partition, or null
 * @param session what the body says its session is, or null
 * @param user the body's {@code user}, or null
 * @param priority vLLM's {@code priority}: lower is sooner; 0 where there is none
 * @param oddities what in the prompt could not be read and was passed over
 * @param json the body as a tree; not to be changed
 * @param body the bytes to forward: the original ones, or without {@code kv_transfer_params} when
 *     the caller sent some, since those would make an engine dial any host
 */
public record InferenceRequest(
    String model,
    byte[] prompt,
    int @Nullable [] tokens,
    long inputTokens,
    boolean stream,
    boolean splittable,
    @Nullable String cacheSalt,
    @Nullable String session,
    @Nullable String user,
    int priority,
    List<String> oddities,
    ObjectNode json,
    byte[] body) {

  /** Bytes of UTF-8 a token is taken to have; the stand-in engine counts the same way. */
  public static final int BYTES_PER_TOKEN = 4;

  private static final byte[] NO_TEXT = {};

  public InferenceRequest {
    oddities = List.copyOf(oddities);
  }

  /** The same prompt by its token ids, of which there is at least one. */
  public InferenceRequest withTokens(int[] ids) {
    return new InferenceRequest(
        model,
        NO_TEXT,
        ids,
        ids.length,
        stream,
        splittable,
        cacheSalt,
        session,
        user,
        priority,
        oddities,
        json,
        body);
  }

  /** The chained hash of each full block of the prompt, apart by model (or adapter) and salt. */
  public long[] blocks() {
    long seed = PrefixBlocks.seed(model, cacheSalt);
    return tokens == null ? PrefixBlocks.of(prompt, seed) : PrefixBlocks.of(tokens, seed);
  }
}
