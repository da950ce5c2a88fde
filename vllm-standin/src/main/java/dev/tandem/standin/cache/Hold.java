package dev.tandem.standin.cache;

/**
 * The blocks one prompt holds: first reserved, then (once computed or received) complete, at the
 * end released. Not thread safe: it belongs to the engine's event loop.
 */
public final class Hold {
  private final BlockCache cache;
  private final Prompt prompt;
  private final BlockCache.Block[] blocks;
  private final int cachedBlocks;
  private boolean complete;
  private boolean released;

  Hold(BlockCache cache, Prompt prompt, BlockCache.Block[] blocks, int cachedBlocks) {
    this.cache = cache;
    this.prompt = prompt;
    this.blocks = blocks;
    this.cachedBlocks = cachedBlocks;
  }

  /** Blocks that were in the cache already. */
  public int cachedBlocks() {
    return cachedBlocks;
  }

  /** Tokens that were in the cache already. */
  public int cachedTokens() {
    return cachedBlocks * prompt.blockSize();
  }

  /** Blocks that have to be computed or received. */
  public int missingBlocks() {
    return blocks.length - cachedBlocks;
  }

  /** The block numbers, in prompt order. */
  public int[] blockIds() {
    int[] ids = new int[blocks.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = blocks[i].id;
    }
    return ids;
  }

  /** All blocks now have their contents: later prompts may reuse the full ones. */
  public void complete() {
    if (complete || released) {
      throw new IllegalStateException("complete() on a hold that is complete or released");
    }
    complete = true;
    cache.store(prompt, blocks, cachedBlocks);
  }

  /** Gives the blocks back; a second call does nothing. */
  public void release() {
    if (!released) {
      released = true;
      cache.release(blocks);
    }
  }
}
