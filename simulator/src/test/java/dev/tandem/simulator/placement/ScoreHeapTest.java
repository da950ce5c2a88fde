package dev.tandem.simulator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreHeapTest {
  private static int[] drained(int[] nodes, long... scores) {
    ScoreHeap heap = new ScoreHeap(nodes, scores);
    return IntStream.range(0, nodes.length).map(i -> heap.pop()).toArray();
  }

  @Test
  void theHighestScoreComesFirst() {
    assertThat(drained(new int[] {1, 2, 3, 4}, 10, 40, 20, 30)).containsExactly(2, 4, 3, 1);
  }

  @Test
  void equalsLeaveAsTheyDoFromGosHeapTheFirstAndThenTheLastBackwards() {
    assertThat(drained(new int[] {1, 2, 3, 4, 5}, 7, 7, 7, 7, 7)).containsExactly(1, 5, 4, 3, 2);
  }
}
