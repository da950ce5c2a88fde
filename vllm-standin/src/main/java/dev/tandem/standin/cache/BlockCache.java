package dev.tandem.standin.cache;

import dev.tandem.standin.events.KvEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of KV blocks with prefix reuse, after vLLM's block pool.
 *
 * <p>A block is free, held (by running requests or leases), or kept: cached but held by nobody.
 * Kept blocks are evicted least recently released first; a request releases its blocks last to
 * first, so that the tails of prefixes go before their heads. Held blocks are never evicted.
 *
 * <p>Not thread safe: it belongs to the engine's event loop.
 */
public final class BlockCache {
  private final int capacity;
  private final boolean reuse;
  private final Consumer<KvEvent> events;
  private final Map<Long, Block> cached = new HashMap<>();
  private final Set<Block> kept = new LinkedHashSet<>();
  private final int[] free;
  private int freeCount;

  /**
   * @param capacity blocks in the pool
   * @param reuse false: every prompt is computed anew and no block is kept
   * @param events told of every block stored or removed, in order
   */
  public BlockCache(int capacity, boolean reuse, Consumer<KvEvent> events) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity " + capacity + " is below 1 block");
    }
    this.capacity = capacity;
    this.reuse = reuse;
    this.events = events;
    this.free = new int[capacity];
    for (int i = 0; i < capacity; i++) {
      free[i] = capacity - 1 - i;
    }
    this.freeCount = capacity;
  }

  /** Blocks in the pool. */
  public int capacity() {
    return capacity;
  }

  /** Held blocks. */
  public int held() {
    return capacity - freeCount - kept.size();
  }

  /** Blocks of this prompt, from its start, that need not be computed. */
  public int reusable(Prompt prompt) {
    int hit = 0;
    while (hit < prompt.reusableBlocks() && cached.containsKey(prompt.hashes()[hit])) {
      hit++;
    }
    return hit;
  }

  /**
   * Holds the cached head of the prompt and reserves room for the rest, evicting kept blocks.
   *
   * @return null when held blocks leave too little room; nothing has changed then
   */
  public @Nullable Hold admit(Prompt prompt) {
    int hit = reusable(prompt);
    int keptHits = 0;
    for (int i = 0; i < hit; i++) {
      if (block(prompt.hashes()[i]).holders == 0) {
        keptHits++;
      }
    }
    int needed = prompt.blocks() - hit;
    if (needed > freeCount + kept.size() - keptHits) {
      return null;
    }
    Block[] blocks = new Block[prompt.blocks()];
    for (int i = 0; i < hit; i++) {
      blocks[i] = hold(block(prompt.hashes()[i]));
    }
    evict(needed - freeCount);
    for (int i = hit; i < blocks.length; i++) {
      blocks[i] = new Block(free[--freeCount]);
    }
    return new Hold(this, prompt, blocks, hit);
  }

  /** Forgets every block; refused, as in vLLM, while any block is held. */
  public boolean clear() {
    if (held() > 0) {
      return false;
    }
    for (Block block : kept) {
      free[freeCount++] = block.id;
    }
    kept.clear();
    cached.clear();
    events.accept(new KvEvent.AllBlocksCleared());
    return true;
  }

  /** Makes the reserved full blocks of a computed prompt findable. */
  void store(Prompt prompt, Block[] blocks, int from) {
    if (!reuse) {
      return;
    }
    int runStart = from;
    for (int i = from; i < prompt.hashes().length; i++) {
      Block known = cached.get(prompt.hashes()[i]);
      if (known == null) {
        blocks[i].cacheAs(prompt.hashes()[i]);
        cached.put(prompt.hashes()[i], blocks[i]);
      } else {
        // another request computed the same block meanwhile: share its copy
        announce(prompt, runStart, i);
        runStart = i + 1;
        free[freeCount++] = blocks[i].id;
        blocks[i] = hold(known);
      }
    }
    announce(prompt, runStart, prompt.hashes().length);
  }

  /** Gives blocks back, last first: cached ones are kept, the others are free at once. */
  void release(Block[] blocks) {
    for (int i = blocks.length - 1; i >= 0; i--) {
      Block block = blocks[i];
      if (--block.holders > 0) {
        continue;
      }
      if (block.cached) {
        kept.add(block);
      } else {
        free[freeCount++] = block.id;
      }
    }
  }

  private Block block(long hash) {
    Block block = cached.get(hash);
    if (block == null) {
      throw new IllegalStateException("block " + Long.toHexString(hash) + " is not cached");
    }
    return block;
  }

  private Block hold(Block block) {
    if (block.holders++ == 0) {
      kept.remove(block);
    }
    return block;
  }

  private void evict(int count) {
    if (count <= 0) {
      return;
    }
    long[] removed = new long[count];
    Iterator<Block> oldest = kept.iterator();
    for (int i = 0; i < count; i++) {
      Block block = oldest.next();
      oldest.remove();
      cached.remove(block.hash);
      removed[i] = block.hash;
      free[freeCount++] = block.id;
    }
    events.accept(new KvEvent.BlockRemoved(removed));
  }

  private void announce(Prompt prompt, int from, int to) {
    if (from < to) {
      events.accept(Stored.of(prompt, from, to));
    }
  }

  /** One block of the pool. Identity is what counts. */
  static final class Block {
    final int id;
    int holders = 1;
    boolean cached;
    long hash;

    Block(int id) {
      this.id = id;
    }

    void cacheAs(long newHash) {
      hash = newHash;
      cached = true;
    }
  }

  /** The event for a run of blocks of one prompt. */
  private static final class Stored {
    static KvEvent of(Prompt prompt, int from, int to) {
      int size = prompt.blockSize();
      return new KvEvent.BlockStored(
          Arrays.copyOfRange(prompt.hashes(), from, to),
          from == 0 ? null : prompt.hashes()[from - 1],
          Arrays.copyOfRange(prompt.tokens(), from * size, to * size),
          size,
          prompt.lora(),
          ExtraKeys.of(prompt, from, to));
    }
  }
}
