package dev.tandem.router.index;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, a line each, what an index is asked and told, what it answers and how long that took: for
 * people who follow why a prompt was or was not found.
 */
public final class TracedIndex extends WrappedIndex {

  private static final Logger LOG = LoggerFactory.getLogger(TracedIndex.class);

  private final Consumer<String> lines;
  private final LongSupplier nanos;

  /** Wraps an index; {@code lines} takes what is told, {@code nanos} is the clock. */
  TracedIndex(PrefixIndex index, Consumer<String> lines, LongSupplier nanos) {
    super(index);
    this.lines = lines;
    this.nanos = nanos;
  }

  /** The index itself, or one that tells too where this class's log level is {@code trace}. */
  public static PrefixIndex where(PrefixIndex index) {
    return LOG.isTraceEnabled() ? new TracedIndex(index, LOG::trace, System::nanoTime) : index;
  }

  @Override
  public Matches match(long[] hashes) {
    long began = nanos.getAsLong();
    return found("match", hashes, super.match(hashes), began);
  }

  @Override
  public Matches arrived(long[] hashes) {
    long began = nanos.getAsLong();
    return found("arrived", hashes, super.arrived(hashes), began);
  }

  private Matches found(String what, long[] hashes, Matches matches, long began) {
    long micros = (nanos.getAsLong() - began) / 1_000;
    tell(
        what,
        "",
        hashes,
        ": longest %d, lost %d, %d us".formatted(matches.longest(), matches.lost(), micros));
    return matches;
  }

  @Override
  public boolean add(String engine, long[] hashes) {
    boolean promised = super.add(engine, hashes);
    tell(promised ? "promised" : "sent", engine, hashes, "");
    return promised;
  }

  @Override
  public void release(String engine, long[] hashes) {
    super.release(engine, hashes);
    tell("over", engine, hashes, "");
  }

  @Override
  public void stored(String engine, Tier tier, long[] hashes) {
    super.stored(engine, tier, hashes);
    tell("stored", engine, hashes, " in " + tier);
  }

  @Override
  public void removed(String engine, Tier tier, long[] hashes) {
    super.removed(engine, tier, hashes);
    tell("removed", engine, hashes, " from " + tier);
  }

  @Override
  public void clear(String engine) {
    super.clear(engine);
    lines.accept("clear " + engine);
  }

  @Override
  public void forget(String engine) {
    super.forget(engine);
    lines.accept("forget " + engine);
  }

  private void tell(String what, String engine, long[] hashes, String rest) {
    String last = hashes.length == 0 ? "" : " to " + Long.toHexString(hashes[hashes.length - 1]);
    String who = engine.isEmpty() ? "" : " " + engine;
    lines.accept(what + who + " " + hashes.length + " blocks" + last + rest);
  }
}
