package dev.tandem.router.events;

import static dev.tandem.router.events.EventOrder.Verdict.APPLY;
import static dev.tandem.router.events.EventOrder.Verdict.REPLAY;
import static dev.tandem.router.events.EventOrder.Verdict.RESTART;
import static dev.tandem.router.events.EventOrder.Verdict.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventOrderTest {

  private final EventOrder order = new EventOrder();

  @Test
  void batchesInOrderAreApplied() {
    assertThat(order.live(0, 0)).isEqualTo(APPLY);
    assertThat(order.live(1, 1)).isEqualTo(APPLY);
  }

  @Test
  void aHoleIsReplayedAndWhatCameMeanwhileIsNotAppliedTwice() {
    order.live(0, 0);
    assertThat(order.live(3, 3)).isEqualTo(REPLAY);
    assertThat(order.next()).isEqualTo(1);
    assertThat(order.replayed(1, 1)).isTrue();
    assertThat(order.replayed(2, 2)).isTrue();
    assertThat(order.replayed(3, 3)).isTrue();
    assertThat(order.replayed(4, 4)).isTrue();
    assertThat(order.replayed(3, 3)).isFalse();
    assertThat(order.live(4, 4)).isEqualTo(SKIP);
    assertThat(order.live(5, 5)).isEqualTo(APPLY);
  }

  @Test
  void aHoleNobodyCanFillIsPassedOver() {
    order.live(0, 0);
    assertThat(order.live(3, 3)).isEqualTo(REPLAY);
    assertThat(order.replayed(3, 3)).isTrue();
    assertThat(order.live(4, 4)).isEqualTo(APPLY);
  }

  @Test
  void whoComesLateAsksFromTheBeginning() {
    assertThat(order.live(7, 7)).isEqualTo(REPLAY);
    assertThat(order.next()).isZero();
  }

  @Test
  void aNumberThatGoesBackIsAnEngineThatBeganAnew() {
    order.live(0, 0);
    order.live(1, 1);
    order.live(2, 2);
    assertThat(order.live(0, 10)).isEqualTo(RESTART);
    assertThat(order.live(0, 10)).isEqualTo(APPLY);
    assertThat(order.live(1, 11)).isEqualTo(APPLY);
  }

  @Test
  void aNumberThatWasReplayedAndIsSentLaterIsAnEngineThatBeganAnew() {
    assertThat(order.replayed(0, 0)).isTrue();
    assertThat(order.replayed(1, 1)).isTrue();
    assertThat(order.live(1, 1)).isEqualTo(SKIP);
    assertThat(order.live(1, 5)).isEqualTo(RESTART);
  }

  @Test
  void theSameNumberAgainIsTheSameBatchAgain() {
    order.live(0, 0);
    assertThat(order.live(0, 0)).isEqualTo(SKIP);
  }
}
