package dev.tandem.topology.placement;

import java.util.List;

/** How many pods of each declared size still need a place. One thread. */
final class Need {
  private final int[] counts;

  Need(Desk desk, int sizes, List<Member> members) {
    counts = new int[sizes];
    for (Member member : members) {
      counts[desk.sizeIndex(member.gpus())]++;
    }
  }

  int count(int size) {
    return counts[size];
  }

  void add(int size, int change) {
    counts[size] += change;
  }
}
