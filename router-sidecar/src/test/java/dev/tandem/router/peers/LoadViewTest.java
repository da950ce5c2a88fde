package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.choose.EngineLoad;
import org.junit.jupiter.api.Test;

class LoadViewTest {

  private final LoadView view = new LoadView();

  @Test
  void aSplitRequestIsPendingOnPrefillAndThenOnlyOnDecode() {
    view.routed("r", "1", "p", "d", 500);
    assertThat(view.load("p"))
        .satisfies(load -> assertThat(load.computing(0, 0)).isEqualTo(new EngineLoad(500, 1, 0)));
    assertThat(view.load("d")).isEqualTo(new EngineLoad(0, 0, 1));
    view.prefilled("1");
    assertThat(view.load("p")).isEqualTo(EngineLoad.IDLE);
    assertThat(view.load("d")).isEqualTo(new EngineLoad(0, 0, 1));
    view.finished("r", "1");
    assertThat(view.load("d")).isEqualTo(EngineLoad.IDLE);
  }

  @Test
  void aRequestForOneEngineIsPendingThereAndThenDecoding() {
    view.routed("r", "1", null, "b", 500);
    assertThat(view.load("b"))
        .satisfies(load -> assertThat(load.computing(0, 0)).isEqualTo(new EngineLoad(500, 1, 0)));
    view.prefilled("1");
    assertThat(view.load("b")).isEqualTo(new EngineLoad(0, 0, 1));
  }

  @Test
  void newsThatOvertakeTheRoutingAreNotLost() {
    view.prefilled("1");
    view.routed("r", "1", "p", "d", 500);
    assertThat(view.load("p")).isEqualTo(EngineLoad.IDLE);
    assertThat(view.load("d")).isEqualTo(new EngineLoad(0, 0, 1));
  }

  @Test
  void sayingThingsTwiceChangesNothing() {
    view.routed("r", "1", "p", "d", 500);
    view.routed("r", "1", "p", "d", 500);
    view.prefilled("1");
    view.prefilled("1");
    view.finished("r", "1");
    view.finished("r", "1");
    assertThat(view.load("p")).isEqualTo(EngineLoad.IDLE);
    assertThat(view.load("d")).isEqualTo(EngineLoad.IDLE);
  }

  @Test
  void aRouterThatGoesTakesItsRequestsAlong() {
    view.routed("r", "1", "p", "d", 500);
    view.routed("s", "2", "p", "d", 700);
    view.forget("r");
    assertThat(view.load("p"))
        .satisfies(load -> assertThat(load.computing(0, 0)).isEqualTo(new EngineLoad(700, 1, 0)));
  }

  @Test
  void requestsAreCountedUpToABound() {
    for (int i = 0; i < LoadView.MOST_REQUESTS + 10; i++) {
      view.routed("r" + i % 100, "" + i, "p", "d", 1);
    }
    assertThat(view.size()).isEqualTo(LoadView.MOST_REQUESTS);
  }

  @Test
  void oneRouterDoesNotTakeThePlaceOfOthers() {
    for (int i = 0; i < LoadView.MOST_REQUESTS_A_ROUTER + 10; i++) {
      view.routed("wild", "w" + i, "p", "d", 1);
    }
    assertThat(view.size()).isEqualTo(LoadView.MOST_REQUESTS_A_ROUTER);
    view.finished("wild", "w0");
    view.routed("wild", "again", "p", "d", 1);
    view.routed("r", "1", "p", "d", 1);
    assertThat(view.size()).isEqualTo(LoadView.MOST_REQUESTS_A_ROUTER + 1);
  }

  @Test
  void onlyWhoRoutedARequestCanSayThatItIsOver() {
    view.routed("r", "1", "p", "d", 500);
    view.finished("other", "1");
    assertThat(view.size()).isEqualTo(1);
  }
}
