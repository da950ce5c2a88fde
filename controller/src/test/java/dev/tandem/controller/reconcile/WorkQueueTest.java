package dev.tandem.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final WorkQueue<String> queue = new WorkQueue<>(2, now::get);

  @Test
  void keysComeInTheOrderTheyWereAddedAndEachOnce() {
    queue.add("a");
    queue.add("b");
    queue.add("a");

    assertThat(queue.poll()).isEqualTo(new WorkQueue.Item<>("a", 0));
    assertThat(queue.poll()).isEqualTo(new WorkQueue.Item<>("b", 0));
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aFullQueueTakesNoNewKeyButKeepsThoseItHas() {
    queue.add("a");
    queue.add("b");

    assertThat(queue.add("c")).isFalse();
    assertThat(queue.retry("c", 1, Duration.ZERO)).isFalse();
    assertThat(queue.add("a")).isTrue();
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void aFailedKeyWaitsItsTimeAlsoWhereItIsAddedAgain() {
    queue.retry("a", 3, Duration.ofSeconds(8));
    queue.add("a");
    assertThat(queue.poll()).isNull();

    now.set(Instant.EPOCH.plusSeconds(8));

    assertThat(queue.poll()).isEqualTo(new WorkQueue.Item<>("a", 3));
  }

  @Test
  void aKeyThatWasAddedWhileItFailedWaitsToo() {
    queue.add("a");
    queue.retry("a", 1, Duration.ofSeconds(1));

    assertThat(queue.poll()).isNull();
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void theKeyDueFirstOvertakes() {
    queue.retry("late", 1, Duration.ofSeconds(8));
    queue.retry("early", 1, Duration.ofSeconds(2));
    now.set(Instant.EPOCH.plusSeconds(9));

    assertThat(queue.poll()).isEqualTo(new WorkQueue.Item<>("early", 1));
  }

  @Test
  void waitsDoubleUpToTheirBound() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 10);

    assertThat(backoff.after(1, () -> 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.after(4, () -> 0)).isEqualTo(Duration.ofSeconds(8));
    assertThat(backoff.after(9, () -> 0)).isEqualTo(Duration.ofSeconds(60));
    assertThat(backoff.after(9, () -> -1L))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(72));
  }
}
