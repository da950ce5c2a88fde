package dev.tandem.topology.placement;

/**
 * Where a group may be given room to grow. Of NVLink domains that are as near, the tightest keeps
 * large ones free, and leaves no place for a pod that is added later and that nobody announced. So
 * one with room for one more pod goes first, as long as nothing large is broken for it: neither a
 * whole node, nor a whole domain, nor the one that has most free.
 */
final class Roominess {
  private static final int BOARD = Tier.BOARD.ordinal();

  private final Blocks blocks;
  private final int[] freeBefore;
  private final int largest;
  private final boolean several;

  /**
   * @param freeBefore free GPUs of each domain before anything is planned; kept
   */
  Roominess(Blocks blocks, int[] freeBefore) {
    this.blocks = blocks;
    this.freeBefore = freeBefore;
    int most = 0;
    int count = 0;
    for (int free : freeBefore) {
      count = free > most ? 1 : count + (free == most ? 1 : 0);
      most = Math.max(most, free);
    }
    this.largest = most;
    this.several = count > 1;
  }

  /**
   * Whether a plan may go there for the room beside it.
   *
   * @param free GPUs of the node without the plan
   * @param size GPUs of a pod
   */
  boolean mayOpen(int node, int free, int size) {
    int domain = blocks.block(BOARD, node);
    boolean breaksNode = free == blocks.gpus(node) && size < free;
    boolean breaksDomain = freeBefore[domain] == blocks.gpusOf(BOARD, domain);
    boolean breaksLargest = freeBefore[domain] == largest && !several;
    return !blocks.alone(node) && !breaksNode && !breaksDomain && !breaksLargest;
  }
}
