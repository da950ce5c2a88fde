package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueuesTest {
  private final AtomicLong nanos = new AtomicLong(5);
  private final Queues<String> queues = new Queues<>(nanos::get);

  private void pass(double seconds) {
    nanos.addAndGet((long) (seconds * 1e9));
  }

  @Test
  void theFirstToComeIsComputedAndTheNextFromItsEndOn() {
    queues.came("e", "first");
    pass(1);
    queues.came("e", "second");
    assertThat(queues.head("e")).isEqualTo("first");
    assertThat(queues.headSeconds("e")).isEqualTo(1, within(1e-9));

    pass(1);
    queues.left("e", "first");
    pass(0.5);
    assertThat(queues.head("e")).isEqualTo("second");
    assertThat(queues.headSeconds("e")).isEqualTo(0.5, within(1e-9));
  }

  @Test
  void oneThatGivesUpWhileItWaitsLeavesTheFirstItsTime() {
    queues.came("e", "first");
    queues.came("e", "second");
    pass(2);
    queues.left("e", "second");

    assertThat(queues.headSeconds("e")).isEqualTo(2, within(1e-9));
  }

  @Test
  void anEngineWithNothingIsNotKept() {
    queues.came("e", "only");
    queues.left("e", "only");
    queues.left("e", "only");

    assertThat(queues.isEmpty("e")).isTrue();
  }
}
