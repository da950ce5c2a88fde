package dev.tandem.simulator.placement;

/**
 * Nodes by score, highest first, equal ones in the order a binary heap happens to give them: first
 * the head of the list it was made from, then its tail backwards.
 *
 * <p>That order matters. kube-scheduler keeps scored nodes in Go's container/heap, and since it
 * draws its tie-breaking number only where an extender has scored (kubernetes/kubernetes
 * pkg/scheduler/schedule_one.go, prioritizeNodes), equal nodes leave the heap in just this order.
 */
final class ScoreHeap {
  private final int[] nodes;
  private final long[] scores;
  private int size;

  ScoreHeap(int[] nodes, long[] scores) {
    this.nodes = nodes.clone();
    this.scores = scores.clone();
    this.size = nodes.length;
    for (int i = size / 2 - 1; i >= 0; i--) {
      down(i);
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes the best node out. */
  int pop() {
    size--;
    swap(0, size);
    down(0);
    return nodes[size];
  }

  private void down(int start) {
    int parent = start;
    while (2 * parent + 1 < size) {
      int child = 2 * parent + 1;
      if (child + 1 < size && scores[child + 1] > scores[child]) {
        child++;
      }
      if (scores[child] <= scores[parent]) {
        return;
      }
      swap(parent, child);
      parent = child;
    }
  }

  private void swap(int a, int b) {
    int node = nodes[a];
    nodes[a] = nodes[b];
    nodes[b] = node;
    long score = scores[a];
    scores[a] = scores[b];
    scores[b] = score;
  }
}
