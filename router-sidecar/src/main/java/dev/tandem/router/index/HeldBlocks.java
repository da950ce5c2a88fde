package dev.tandem.router.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which engine holds which blocks, each engine's least recently used out first. One table for all
 * engines, so that a prompt is walked once however many engines there are. Not thread safe.
 *
 * <p>Bounds: a number of blocks an engine, and {@code mostBlocks} over all of them; there the
 * engine that holds most gives up its oldest.
 */
final class HeldBlocks {

  private final EngineIds ids;
  private final int usualCapacity;
  private final int mostBlocks;
  private final BlockTable table = new BlockTable();
  private final ForgottenBlocks forgotten = new ForgottenBlocks();
  private @Nullable EngineBlocks[] engines = new EngineBlocks[16];
  private int held;

  /** Who gives up blocks at the bound over all, and for how many more. */
  private int giver;

  private int turns;

  private long[] alive = new long[1];
  private double[] missing = new double[0];
  private int[] records = new int[64];

  HeldBlocks(EngineIds ids, int usualCapacity, int mostBlocks) {
    if (usualCapacity < 1) {
      throw new IllegalArgumentException(
          "blocksPerEngine " + usualCapacity + "; accepted: 1 or more");
    }
    this.ids = ids;
    this.usualCapacity = usualCapacity;
    this.mostBlocks = mostBlocks;
  }

  /** Blocks held over all engines. */
  int held() {
    return held;
  }

  /** Sets how many blocks the engine may hold. */
  void capacity(String engine, int blocks) {
    EngineBlocks own = made(engine);
    if (own != null) {
      own.capacity(Math.max(1, blocks));
      while (own.size() > own.capacity()) {
        evict(ids.of(engine), own);
      }
    }
  }

  /**
   * The engine holds these blocks of one prompt, in order from its first. Touches from the last to
   * the first, so that a chain loses its end before its root.
   */
  void add(String engine, Tier tier, long[] hashes) {
    EngineBlocks own = made(engine);
    if (own == null) {
      return;
    }
    int id = ids.of(engine);
    int most = Math.min(hashes.length, own.capacity());
    if (records.length < most) {
      records = new int[2 * most];
    }
    for (int i = 0; i < most; i++) {
      // Recorded in order: the next block of a prompt is then found beside the one before.
      int record = table.record(hashes[i]);
      if (!table.isSet(record, id)) {
        makeRoom(id, own, record);
        held++;
      }
      table.set(record, tier.ordinal(), id);
      own.touch(record);
      records[i] = record;
    }
    for (int i = most - 1; i >= 0; i--) {
      if (table.isSet(records[i], id)) {
        own.touch(records[i]);
      }
    }
  }

  /** The engine gave up these blocks in one tier. */
  void remove(String engine, Tier tier, long[] hashes) {
    EngineBlocks own = engine(engine);
    if (own == null) {
      return;
    }
    int id = ids.of(engine);
    for (long hash : hashes) {
      int record = table.find(hash);
      if (record == BlockTable.NONE || !table.isSet(record, tier.ordinal(), id)) {
        continue;
      }
      table.unset(record, tier.ordinal(), id);
      if (!table.isSet(record, id)) {
        own.remove(record);
        held--;
        release(record);
      }
    }
  }

  /** Forgets all an engine holds; what it lost so is not what a cache was too small for. */
  void clear(String engine) {
    EngineBlocks own = engine(engine);
    if (own == null) {
      return;
    }
    int id = ids.of(engine);
    for (int record : own.recent(own.size())) {
      drop(record, id);
      table.releaseIfUnheld(record);
      held--;
    }
    engines[id] = new EngineBlocks(own.capacity());
  }

  /** Forgets an engine altogether; its number may be another's next. */
  void forget(String engine) {
    clear(engine);
    int id = ids.known(engine);
    if (id != EngineIds.NONE && id < engines.length) {
      engines[id] = null;
    }
  }

  /** Of the engine's most recent blocks, those in this tier, oldest first. */
  long[] recent(String engine, Tier tier, int limit) {
    EngineBlocks own = engine(engine);
    if (own == null || tier.ordinal() >= table.lanes()) {
      return new long[0];
    }
    int id = ids.of(engine);
    int[] records = own.recent(limit);
    long[] hashes = new long[records.length];
    int count = 0;
    for (int record : records) {
      if (table.isSet(record, tier.ordinal(), id)) {
        hashes[count++] = table.hash(record);
      }
    }
    return Arrays.copyOf(hashes, count);
  }

  /** Walks along the prompt for as long as any engine holds every block so far. */
  void match(long[] hashes, Matches into) {
    int words = table.words();
    int lanes = table.lanes();
    if (alive.length != words) {
      alive = new long[words];
    }
    if (lanes > 1) {
      missing = missing.length < 64 * words ? new double[64 * words] : missing;
      Arrays.fill(missing, 0);
    }
    Arrays.fill(alive, -1);
    int i = 0;
    boolean any = true;
    for (int record = -2; i < hashes.length; i++) {
      record = record < 0 ? table.find(hashes[i]) : table.findAfter(record, hashes[i]);
      if (record == BlockTable.NONE) {
        break;
      }
      any = false;
      for (int w = 0; w < words; w++) {
        long before = alive[w];
        if (before == 0) {
          continue;
        }
        long gpu = table.bits(record, 0, w);
        long still = before & (lanes == 1 ? gpu : holders(record, w, lanes));
        if (still != before) {
          // All bits are alive before the first block; who drops out there holds nothing.
          if (i > 0) {
            report(before & ~still, w, i, lanes, into);
          }
          alive[w] = still;
        }
        if (lanes > 1 && (still & ~gpu) != 0) {
          slower(record, still & ~gpu, w, lanes);
        }
        any |= still != 0;
      }
      if (!any) {
        break;
      }
    }
    if (i > 0 && any) {
      for (int w = 0; w < words; w++) {
        report(alive[w], w, i, lanes, into);
      }
    }
    into.longest(i);
  }

  /** How many blocks from one on were held once and are held nowhere. */
  int lost(long[] hashes, int from) {
    int lost = 0;
    // Caches lose chains from their end, so a block nobody remembers has none after it.
    for (int i = from; i < hashes.length && forgotten.contains(hashes[i]); i++) {
      lost++;
    }
    return lost;
  }

  private long holders(int record, int word, int lanes) {
    long holders = 0;
    for (int lane = 0; lane < lanes; lane++) {
      holders |= table.bits(record, lane, word);
    }
    return holders;
  }

  private void report(long engines, int word, int leading, int lanes, Matches into) {
    for (long rest = engines; rest != 0; rest &= rest - 1) {
      int id = 64 * word + Long.numberOfTrailingZeros(rest);
      into.found(id, leading, lanes == 1 ? leading : leading - missing[id]);
    }
  }

  /** These engines hold the block, but in no tier as good as the first. */
  private void slower(int record, long engines, int word, int lanes) {
    for (long rest = engines; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      int lane = 1;
      while (lane < lanes - 1 && (table.bits(record, lane, word) >>> bit & 1) == 0) {
        lane++;
      }
      missing[64 * word + bit] += 1 - Tier.values()[lane].weight();
    }
  }

  private void makeRoom(int id, EngineBlocks own, int comingRecord) {
    while (own.size() >= own.capacity()) {
      evict(id, own);
    }
    if (held >= mostBlocks) {
      if (--turns < 0) {
        giver = largest();
      }
      EngineBlocks giving = engines[giver];
      if (giving != null && giving.size() > 0 && giving.oldest() != comingRecord) {
        evict(giver, giving);
      }
    }
  }

  private void evict(int id, EngineBlocks own) {
    int record = own.oldest();
    own.remove(record);
    held--;
    drop(record, id);
    release(record);
  }

  private void drop(int record, int id) {
    for (int lane = 0; lane < table.lanes(); lane++) {
      table.unset(record, lane, id);
    }
  }

  private void release(int record) {
    long hash = table.hash(record);
    if (table.releaseIfUnheld(record)) {
      forgotten.add(hash);
    }
  }

  /** Who holds most, to be asked again after it gave up a sixteenth of that. */
  private int largest() {
    int largest = 0;
    int most = -1;
    for (int id = 0; id < engines.length; id++) {
      EngineBlocks blocks = engines[id];
      if (blocks != null && blocks.size() > most) {
        most = blocks.size();
        largest = id;
      }
    }
    turns = most / 16;
    return largest;
  }

  private @Nullable EngineBlocks engine(String name) {
    int id = ids.known(name);
    return id == EngineIds.NONE || id >= engines.length ? null : engines[id];
  }

  private @Nullable EngineBlocks made(String name) {
    int id = ids.of(name);
    if (id == EngineIds.NONE) {
      return null;
    }
    if (id >= engines.length) {
      engines = Arrays.copyOf(engines, Math.max(2 * engines.length, id + 1));
    }
    EngineBlocks blocks = engines[id];
    if (blocks == null) {
      blocks = new EngineBlocks(usualCapacity);
      engines[id] = blocks;
    }
    return blocks;
  }
}
