package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitQueueTest {

  private final WaitQueue<String> queue = new WaitQueue<>(4, 100);

  private WaitQueue.Offer<String> offer(String item, int priority, String tenant) {
    return queue.offer(item, priority, tenant, 10);
  }

  private List<String> drain() {
    List<String> all = new ArrayList<>();
    WaitQueue.Entry<String> next = queue.poll();
    while (next != null) {
      all.add(next.item());
      next = queue.poll();
    }
    return all;
  }

  @Test
  void theHighestPriorityGoesFirstAndEqualsAsTheyCame() {
    offer("a", 0, "t");
    offer("b", 5, "t");
    offer("c", 0, "t");
    offer("d", -1, "t");
    assertThat(drain()).containsExactly("b", "a", "c", "d");
  }

  @Test
  void tenantsTakeTurnsHoweverManyOneSends() {
    offer("a1", 0, "a");
    offer("a2", 0, "a");
    offer("a3", 0, "a");
    offer("b1", 0, "b");
    assertThat(drain()).containsExactly("a1", "b1", "a2", "a3");
  }

  @Test
  void atTheBoundAnEqualIsRefusedAndAHigherOneTakesThePlaceOfTheNewestOfTheGreediest() {
    offer("a1", 0, "a");
    offer("b1", 0, "b");
    offer("a2", 0, "a");
    offer("c1", 1, "c");
    assertThat(offer("late", 0, "b").entry()).isNull();
    WaitQueue.Offer<String> urgent = offer("urgent", 2, "c");
    assertThat(urgent.entry()).isNotNull();
    assertThat(urgent.evicted()).containsExactly("a2");
    assertThat(drain()).containsExactly("urgent", "c1", "a1", "b1");
  }

  @Test
  void aNewcomerGoesAfterItsEqualsAndThoseAbove() {
    offer("a", 0, "t");
    offer("b", 5, "t");
    offer("c", 0, "u");
    assertThat(queue.before(6)).isZero();
    assertThat(queue.before(5)).isEqualTo(1);
    assertThat(queue.before(0)).isEqualTo(3);
    assertThat(queue.before(-1)).isEqualTo(3);
  }

  @Test
  void bytesAreBoundedToo() {
    assertThat(queue.offer("big", 0, "t", 101).entry()).isNull();
    assertThat(queue.offer("most", 0, "t", 95).entry()).isNotNull();
    assertThat(offer("more", 0, "t").entry()).isNull();
    assertThat(queue.bytes()).isEqualTo(95);
    assertThat(offer("urgent", 1, "t").evicted()).containsExactly("most");
    assertThat(queue.bytes()).isEqualTo(10);
  }

  @Test
  void aQueueOfNoEntriesTakesNothing() {
    assertThat(new WaitQueue<String>(0, 100).offer("a", 9, "t", 1).entry()).isNull();
  }

  @Test
  void whatIsPutBackGoesFirstAgain() {
    offer("a", 0, "x");
    offer("b", 0, "y");
    WaitQueue.Entry<String> first = Objects.requireNonNull(queue.poll());
    WaitQueue.Entry<String> second = Objects.requireNonNull(queue.poll());
    assertThat(queue.entries()).isZero();
    queue.putBack(second);
    queue.putBack(first);
    assertThat(drain()).containsExactly("a", "b");
  }

  @Test
  void whateverIsDoneTheCountsAgreeAndTheBoundsHold() {
    long seed = 41;
    Random random = new Random(seed);
    List<WaitQueue.Entry<String>> in = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(3)) {
        case 0 -> {
          WaitQueue.Offer<String> offer =
              queue.offer(
                  "r" + i, random.nextInt(4) - 1, "t" + random.nextInt(3), random.nextInt(60));
          in.removeIf(entry -> offer.evicted().contains(entry.item()));
          if (offer.entry() != null) {
            in.add(offer.entry());
          }
        }
        case 1 -> {
          WaitQueue.Entry<String> polled = queue.poll();
          assertThat(polled == null).as("seed %d, step %d", seed, i).isEqualTo(in.isEmpty());
          in.remove(polled);
        }
        default -> {
          if (!in.isEmpty()) {
            WaitQueue.Entry<String> any = in.remove(random.nextInt(in.size()));
            assertThat(queue.remove(any)).isTrue();
            assertThat(queue.remove(any)).isFalse();
          }
        }
      }
      assertThat(queue.entries()).as("seed %d, step %d", seed, i).isEqualTo(in.size());
      assertThat(queue.entries()).isLessThanOrEqualTo(4);
      assertThat(queue.bytes()).isBetween(0L, 100L);
    }
  }
}
