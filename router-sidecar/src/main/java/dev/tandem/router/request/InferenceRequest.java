package dev.tandem.router.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A completion request as far as routing needs it.
 *
 * @param model the model or LoRA adapter asked for; empty when the caller named none
 * @param prompt the prompt rendered to UTF-8, only for hashing and counting, never sent
 * @param stream whether the answer is a stream of events
 * @param splittable whether prefill and decode may run on different engines; false for several
 *     sequences or answers that need the prompt's own log probabilities, of which a prefill engine
 *     hands over only one (vLLM's transfer parameters name one sequence)
 * @param cacheSalt the caller's cache partition, or null
 * @param json the body as a tree; not to be changed
 * @param body the bytes to forward: the original ones, or without {@code kv_transfer_params} when
 *     the caller sent some, since those would make an engine dial any host
 */
public record InferenceRequest(
    String model,
    byte[] prompt,
    boolean stream,
    boolean splittable,
    @Nullable String cacheSalt,
    ObjectNode json,
    byte[] body) {

  /** Bytes of UTF-8 a token is taken to have; the stand-in engine counts the same way. */
  public static final int BYTES_PER_TOKEN = 4;

  /** Estimated prompt length in tokens, at least 1. */
  public long inputTokens() {
    return Math.max(1, (prompt.length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
  }
}
