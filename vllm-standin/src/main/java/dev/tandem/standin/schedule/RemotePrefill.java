package dev.tandem.standin.schedule;

/**
 * A prompt whose KV cache another engine holds for us, from the moment the request is admitted.
 * Used on the engine's event loop only.
 */
public interface RemotePrefill {
  /**
   * Pulls the blocks we do not have. Called once.
   *
   * @param missingBlocks blocks to pull, the last ones of the prompt; at least one
   * @param promptBlocks blocks of the whole prompt
   * @param outcome called exactly once, later, on the event loop; also after {@link #abandon}
   */
  void pull(int missingBlocks, int promptBlocks, Outcome outcome);

  /**
   * Nobody wants the result any more. Before {@link #pull} the other engine is told at once; during
   * it the transfer runs to its end first, because its target blocks are being written.
   */
  void abandon();

  /** How a pull ended. */
  interface Outcome {
    /** The blocks are here. */
    void received();

    /** They never will be. */
    void failed(String why);
  }
}
