package dev.tandem.router.events;

import dev.tandem.router.events.KvEvent.ExtraKey;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.Content;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns an engine's blocks into the router's. An engine's hash depends on its version, its settings
 * and, with some algorithms, on chance; the tokens it sends with it do not. So the router hashes
 * the tokens itself and remembers, for each block of the engine, which of its own blocks it
 * completes.
 *
 * <p>Block sizes need not agree: a block of the engine ends with some tokens left over, which are
 * kept until a block after it, or several different ones, use them. A router's block counts as held
 * while the engine's block that completes it is, since engines drop a chain from its end.
 *
 * <p>Of a hybrid model's cache groups one is heard, of full attention where there is one: the
 * others keep only a window, whatever the prompt. At most {@value #MOST_BLOCKS} blocks of the
 * engine, about 120 bytes each; further ones are counted and not known. Used from one thread.
 */
public final class BlockTranslator {

  static final int MOST_BLOCKS = 1 << 18;

  private static final int UNIT = PrefixBlocks.BLOCK_TOKENS;
  private static final int NO_GROUP = -1;
  private static final int[] NO_TOKENS = {};
  private static final long[] NONE = {};
  private static final Content[] NO_CONTENTS = {};

  private final String model;
  private final CacheDeltas deltas;
  private final EventCounts counts;
  private final BlocksByHash<Block> blocks = new BlocksByHash<>();
  private int group = NO_GROUP;
  private boolean fullAttention;

  /** A block of the engine, with what a block after it needs to go on. */
  private static final class Block {
    /** The router's blocks that this one completes. */
    final long[] completes;

    /** The router's hash up to the last boundary, and the tokens and images since. */
    final long chain;

    final int[] window;
    final byte pending;
    final Content[] contents;
    byte tiers;

    /** Blocks that end between the same boundaries share their tokens. */
    Block(long[] completes, long chain, int[] window, int pending, Content[] contents) {
      this.completes = completes;
      this.chain = chain;
      this.window = window;
      this.pending = (byte) pending;
      this.contents = contents;
    }
  }

  /**
   * Knows nothing yet.
   *
   * @param model the model's name as requests carry it; adapters go by their own
   */
  public BlockTranslator(String model, CacheDeltas deltas, EventCounts counts) {
    this.model = model;
    this.deltas = deltas;
    this.counts = counts;
  }

  /** The engine's blocks known now. */
  public int size() {
    return blocks.size();
  }

  /** The engine holds nothing, and tells from here on. */
  public void start() {
    blocks.clear();
    group = NO_GROUP;
    fullAttention = false;
    deltas.started();
  }

  public void apply(EventBatch batch) {
    counts.unknown(batch.unknown());
    for (KvEvent event : batch.events()) {
      switch (event) {
        case KvEvent.BlockStored stored -> {
          if (heard(stored)) {
            stored(stored);
          }
        }
        case KvEvent.BlockRemoved removed -> {
          if (removed.group() == group) {
            removed(removed);
          }
        }
        case KvEvent.AllBlocksCleared() -> start();
      }
    }
  }

  private boolean heard(KvEvent.BlockStored stored) {
    boolean full = isFull(stored.attention());
    if (group == NO_GROUP) {
      group = stored.group();
      fullAttention = full;
    } else if (full && !fullAttention) {
      start(); // what was heard so far was a window
      group = stored.group();
      fullAttention = true;
    }
    return stored.group() == group;
  }

  private static boolean isFull(@Nullable String attention) {
    return attention == null || attention.contains("full") || attention.contains("mla");
  }

  private void stored(KvEvent.BlockStored event) {
    int count = event.hashes().length;
    counts.blocks(count);
    if (event.tokens().length == 0) {
      moved(event);
      return;
    }
    List<List<ExtraKey>> extras = event.extras();
    if (event.blockSize() < 1
        || (long) count * event.blockSize() != event.tokens().length
        || (extras != null && extras.size() != count)) {
      counts.unreadable();
      return;
    }
    Block before = event.parent() == null ? root(event) : blocks.get(event.parent());
    if (before == null) {
      counts.orphans(count);
      return;
    }
    int[] run = joined(before.window, before.pending, event.tokens());
    List<Content> contents = contents(before, event);
    long[] completed = new long[run.length / UNIT];
    long chain = before.chain;
    int done = 0;
    int[] window = NO_TOKENS;
    for (int i = 0; i < count; i++) {
      int end = before.pending + (i + 1) * event.blockSize();
      int first = done;
      while ((done + 1) * UNIT <= end) {
        chain = PrefixBlocks.next(chain, run, done * UNIT, contentOf(contents, done));
        completed[done++] = chain;
      }
      if (blocks.size() >= MOST_BLOCKS && blocks.get(event.hashes()[i]) == null) {
        counts.beyond(count - i);
        break;
      }
      int pending = end - done * UNIT;
      if (pending == 0) {
        window = NO_TOKENS;
      } else if (window.length == 0 || first < done) {
        window = Arrays.copyOfRange(run, done * UNIT, Math.min(run.length, (done + 1) * UNIT));
      }
      long[] completes = first == done ? NONE : Arrays.copyOfRange(completed, first, done);
      put(
          event.hashes()[i],
          new Block(completes, chain, window, pending, left(contents, done * UNIT, end)),
          event.tier());
    }
    if (done > 0) {
      deltas.stored(
          event.tier(), done == completed.length ? completed : Arrays.copyOf(completed, done));
    }
  }

  private void put(long hash, Block block, Tier tier) {
    Block replaced = blocks.get(hash);
    block.tiers = (byte) ((replaced == null ? 0 : replaced.tiers) | 1 << tier.ordinal());
    blocks.put(hash, block);
  }

  /** Blocks that were stored before came to a tier; only their hashes are sent. */
  private void moved(KvEvent.BlockStored event) {
    for (long hash : event.hashes()) {
      Block block = blocks.get(hash);
      if (block == null) {
        counts.orphans(1);
      } else {
        block.tiers |= (byte) (1 << event.tier().ordinal());
        if (block.completes.length > 0) {
          deltas.stored(event.tier(), block.completes);
        }
      }
    }
  }

  private void removed(KvEvent.BlockRemoved event) {
    long[] gone = new long[event.hashes().length];
    int count = 0;
    int bit = 1 << event.tier().ordinal();
    for (long hash : event.hashes()) {
      Block block = blocks.get(hash);
      if (block == null || (block.tiers & bit) == 0) {
        continue;
      }
      block.tiers &= (byte) ~bit;
      if (block.tiers == 0) {
        blocks.remove(hash);
      }
      for (long completed : block.completes) {
        if (count == gone.length) {
          gone = Arrays.copyOf(gone, 2 * count);
        }
        gone[count++] = completed;
      }
    }
    counts.blocks(event.hashes().length);
    if (count > 0) {
      deltas.removed(event.tier(), Arrays.copyOf(gone, count));
    }
  }

  /**
   * The start of a prompt: seeded with the adapter, or the model, and the salt of the first block.
   */
  private Block root(KvEvent.BlockStored event) {
    String salt = null;
    List<List<ExtraKey>> extras = event.extras();
    if (extras != null && !extras.isEmpty()) {
      for (ExtraKey key : extras.getFirst()) {
        if (key instanceof ExtraKey.Text(String text) && !text.equals(event.lora())) {
          salt = text;
        }
      }
    }
    String name = event.lora() == null ? model : event.lora();
    return new Block(NONE, PrefixBlocks.seed(name, salt), NO_TOKENS, 0, NO_CONTENTS);
  }

  /**
   * The images and sounds of the run, by where they begin in it. An engine names one on each of its
   * blocks that it lies in and does not say how long it is.
   */
  private static List<Content> contents(Block before, KvEvent.BlockStored event) {
    List<List<ExtraKey>> extras = event.extras();
    if (extras == null && before.contents.length == 0) {
      return List.of();
    }
    List<Content> contents = new ArrayList<>(List.of(before.contents));
    for (int i = 0; extras != null && i < extras.size(); i++) {
      int start = before.pending + i * event.blockSize();
      for (ExtraKey key : extras.get(i)) {
        switch (key) {
          case ExtraKey.Item(String identifier, int offset) ->
              extend(contents, Content.hash(identifier), start + offset, start);
          case ExtraKey.Other(long hash) -> extend(contents, hash, start, start);
          case ExtraKey.Text text -> {}
        }
      }
    }
    return contents;
  }

  /** Notes that a content lies in a block too, that is, reaches at least one token into it. */
  private static void extend(List<Content> contents, long hash, int offset, int start) {
    int reaches = Math.max(1, start + 1 - offset);
    for (int i = 0; i < contents.size(); i++) {
      Content known = contents.get(i);
      if (known.hash() == hash && known.offset() == offset) {
        contents.set(i, new Content(hash, offset, Math.max(known.length(), reaches)));
        return;
      }
    }
    contents.add(new Content(hash, offset, reaches));
  }

  private static long contentOf(List<Content> contents, int block) {
    return contents.isEmpty()
        ? PrefixBlocks.NO_CONTENT
        : PrefixBlocks.contents(contents, block * UNIT);
  }

  /** The contents of the tokens left over, by where they begin in those. */
  private static Content[] left(List<Content> contents, int from, int end) {
    if (contents.isEmpty() || from == end) {
      return NO_CONTENTS;
    }
    List<Content> left = new ArrayList<>();
    for (Content content : contents) {
      if (content.offset() < end && content.offset() + content.length() > from) {
        left.add(new Content(content.hash(), content.offset() - from, content.length()));
      }
    }
    return left.toArray(NO_CONTENTS);
  }

  private static int[] joined(int[] head, int length, int[] tail) {
    if (length == 0) {
      return tail;
    }
    int[] joined = Arrays.copyOf(head, length + tail.length);
    System.arraycopy(tail, 0, joined, length, tail.length);
    return joined;
  }
}
