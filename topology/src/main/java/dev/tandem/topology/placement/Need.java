package dev.tandem.topology.placement;

import java.util.List;

/**
 * How many pods of each declared size still need a place, and how many places of each size that
 * takes: a larger pod takes several of the smaller places. One thread.
 */
final class Need {
  private final int[] sizes;
  private final int[] counts;
  private final int[] wanted;

  Need(int[] sizes, List<Member> members) {
    this.sizes = sizes;
    this.counts = new int[sizes.length];
    this.wanted = new int[sizes.length];
    for (Member member : members) {
      add(member.gpus(), 1);
    }
  }

  void add(int gpus, int change) {
    for (int s = 0; s < sizes.length; s++) {
      if (sizes[s] == gpus) {
        counts[s] += change;
      }
    }
    for (int s = 0; s < sizes.length; s++) {
      wanted[s] = 0;
      for (int larger = s; larger < sizes.length; larger++) {
        int each = sizes[s] == 0 ? 1 : Math.ceilDiv(sizes[larger], sizes[s]);
        wanted[s] += counts[larger] * each;
      }
    }
  }

  /** Places of a size, by its index, that the pods take. */
  int wanted(int size) {
    return wanted[size];
  }
}
