package dev.tandem.router.index;

/** Leaves everything to another index; what wraps one overrides what it is about. */
abstract class WrappedIndex implements PrefixIndex {

  private final PrefixIndex index;

  WrappedIndex(PrefixIndex index) {
    this.index = index;
  }

  @Override
  public Matches match(long[] hashes) {
    return index.match(hashes);
  }

  @Override
  public Matches arrived(long[] hashes) {
    return index.arrived(hashes);
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    return index.add(engine, hashes);
  }

  @Override
  public void release(String engine, long[] hashes) {
    index.release(engine, hashes);
  }

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {
    index.stored(engine, tier, hashes);
  }

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {
    index.removed(engine, tier, hashes);
  }

  @Override
  public void capacity(String engine, int blocks) {
    index.capacity(engine, blocks);
  }

  @Override
  public void clear(String engine) {
    index.clear(engine);
  }

  @Override
  public void forget(String engine) {
    index.forget(engine);
  }

  @Override
  public boolean exact(String engine) {
    return index.exact(engine);
  }

  @Override
  public long[] recent(String engine, Tier tier, int limit) {
    return index.recent(engine, tier, limit);
  }

  @Override
  public long size() {
    return index.size();
  }
}
