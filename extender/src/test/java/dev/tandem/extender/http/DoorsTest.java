package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoorsTest {
  private final Doors doors = new Doors();

  @Test
  void noMoreCallsThanTheBoundGoInAndOneThatLeavesMakesRoom() {
    for (int i = 0; i < Doors.MOST_CALLS; i++) {
      assertThat(doors.enter(100)).isTrue();
    }
    assertThat(doors.enter(100)).isFalse();
    doors.leave(100);
    assertThat(doors.inside()).isEqualTo(Doors.MOST_CALLS - 1);
    assertThat(doors.enter(100)).isTrue();
  }

  @Test
  void twoOfTheLargestBodiesGoInAndNotAThird() {
    assertThat(doors.enter(ExtenderServer.MAX_BODY_BYTES)).isTrue();
    assertThat(doors.enter(ExtenderServer.MAX_BODY_BYTES)).isTrue();
    assertThat(doors.enter(1)).isFalse();
    assertThat(doors.inside()).isEqualTo(2);
    doors.leave(ExtenderServer.MAX_BODY_BYTES);
    assertThat(doors.enter(1)).isTrue();
  }
}
