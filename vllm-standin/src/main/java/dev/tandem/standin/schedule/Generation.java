package dev.tandem.standin.schedule;

import dev.tandem.standin.cache.Hold;
import dev.tandem.standin.cache.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * One prompt on its way through the engine. What it will answer is fixed from the start; the {@link
 * Scheduler} decides when. Event loop only.
 */
public final class Generation {
  private final Plan plan;
  private final Listener listener;

  // owned by Scheduler
  State state = State.WAITING;
  @Nullable RemotePrefill remote;
  @Nullable Hold hold;
  Timing.@Nullable Timer timer;
  boolean aborted;
  boolean pulled;
  int cachedTokens;
  int emitted;
  long arrivedAt;
  long startedAt;
  long firstTokenAt;
  long lastTokenAt;

  /** A new request, not yet submitted. */
  public Generation(Plan plan, @Nullable RemotePrefill remote, Listener listener) {
    this.plan = plan;
    this.remote = remote;
    this.listener = listener;
  }

  /** What was asked. */
  public Plan plan() {
    return plan;
  }

  /** Prompt tokens that did not have to be computed here; known from the first token on. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Output tokens handed to the listener so far. */
  public int emitted() {
    return emitted;
  }

  Listener listener() {
    return listener;
  }

  /** Where a generation is. */
  enum State {
    WAITING,
    WAITING_FOR_ROOM,
    PULLING,
    PULLED,
    PREFILLING,
    DECODING,
    ENDED
  }

  /**
   * What to generate.
   *
   * @param id unique within the engine; the name under which a peer asks for the blocks
   * @param prompt the prompt
   * @param outputTokens tokens to produce, at least one
   * @param reason why it will end
   * @param chunkTokens tokens handed over at a time after the first
   * @param streamed false: all tokens are handed over at the end
   * @param keepForPeer the blocks go to the {@link BlockKeeper} when it ends
   */
  public record Plan(
      String id,
      Prompt prompt,
      int outputTokens,
      FinishReason reason,
      int chunkTokens,
      boolean streamed,
      boolean keepForPeer) {
    public Plan {
      if (outputTokens < 1 || chunkTokens < 1) {
        throw new IllegalArgumentException(
            "outputTokens " + outputTokens + " and chunkTokens " + chunkTokens + " must be >= 1");
      }
    }
  }

  /** Receives the answer. */
  public interface Listener {
    /** Output tokens {@code from} (inclusive) to {@code to} (exclusive) are there. */
    void tokens(int from, int to);

    /**
     * No more tokens will come.
     *
     * @param blockIds the blocks kept for a peer, null when none are
     */
    void finished(int @Nullable [] blockIds);

    /** The engine gave up. */
    void failed(String why);
  }
}
