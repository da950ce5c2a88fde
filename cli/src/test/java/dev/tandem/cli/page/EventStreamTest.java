package dev.tandem.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EventStreamTest {

  private final EventStream stream = new EventStream();

  @Test
  void everySubscriberGetsEveryEventInOrder() throws InterruptedException {
    EventStream.Subscription one = stream.subscribe();
    EventStream.Subscription other = stream.subscribe();

    stream.publish(finished(1));
    stream.publish(finished(2));

    List<PageEvent> both = List.of(finished(1), finished(2));
    assertThat(one.next(Duration.ZERO)).isEqualTo(new EventStream.Batch(both, 0));
    assertThat(other.next(Duration.ZERO)).isEqualTo(new EventStream.Batch(both, 0));
  }

  @Test
  void aSubscriberThatDoesNotReadLosesTheOldestAndIsToldHowMany() throws InterruptedException {
    EventStream.Subscription slow = stream.subscribe();

    for (int i = 0; i < EventStream.CAPACITY + 3; i++) {
      stream.publish(finished(i));
    }

    EventStream.Batch batch = Objects.requireNonNull(slow.next(Duration.ZERO));
    assertThat(batch.dropped()).isEqualTo(3);
    assertThat(batch.events()).hasSize(EventStream.CAPACITY).startsWith(finished(3));
  }

  @Test
  void aClosedSubscriptionEndsItsReaderAndIsForgotten() throws InterruptedException {
    EventStream.Subscription subscription = stream.subscribe();

    subscription.close();
    stream.publish(finished(1));

    assertThat(subscription.next(Duration.ofMinutes(1))).isNull();
    assertThat(stream.subscribers()).isZero();
  }

  private static PageEvent finished(int id) {
    return new PageEvent.Finished(Run.TANDEM, "r" + id, id, "ok");
  }
}
