package dev.tandem.router.events;

import dev.tandem.router.index.Tier;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a translator told, as the sets of blocks held after it. */
final class RecordedDeltas implements CacheDeltas {

  int starts;
  private final Set<Long> gpu = new LinkedHashSet<>();
  private final Set<Long> cpu = new LinkedHashSet<>();

  @Override
  public synchronized void started() {
    starts++;
    gpu.clear();
    cpu.clear();
  }

  @Override
  public synchronized void stored(Tier tier, long[] hashes) {
    for (long hash : hashes) {
      set(tier).add(hash);
    }
  }

  @Override
  public synchronized void removed(Tier tier, long[] hashes) {
    for (long hash : hashes) {
      set(tier).remove(hash);
    }
  }

  private Set<Long> set(Tier tier) {
    return tier == Tier.GPU ? gpu : cpu;
  }

  synchronized long[] held(Tier tier) {
    return set(tier).stream().mapToLong(Long::longValue).toArray();
  }

  synchronized int starts() {
    return starts;
  }
}
