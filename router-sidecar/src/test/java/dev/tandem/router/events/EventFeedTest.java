package dev.tandem.router.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.Pods;
import dev.tandem.router.StandIn;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.PrefixBlocks;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed against engines on real sockets: the stand-in, and one that does as it is told. */
class EventFeedTest {

  private static final long SEED = PrefixBlocks.seed("m", null);

  private final String host = Pods.address();
  private final RecordedDeltas deltas = new RecordedDeltas();
  private final EventCounts counts = new EventCounts();
  private final EventFeed feed =
      EventFeed.start(
          Endpoints.at(host, 5557, 5558)
              .withPatience(Duration.ofMillis(300), Duration.ofMillis(500)),
          new BlockTranslator("m", deltas, counts),
          counts);

  @AfterEach
  void stop() throws Exception {
    feed.close();
    assertThat(feed.awaitClosed(20_000)).isTrue();
  }

  private void eventuallyHeld(String what, long... hashes) {
    Pods.eventually(what, () -> Arrays.equals(deltas.held(Tier.GPU), hashes));
  }

  /** Makes sure that events arrive live, and that the first prompt is held. */
  private void link(ToldEngine engine) {
    engine.connect();
    engine.publish(prompt(0));
    eventuallyHeld("what is heard first", hash(0));
  }

  private static int[] prompt(int from) {
    return IntStream.range(from, from + 64).toArray();
  }

  private static long hash(int from) {
    return PrefixBlocks.of(prompt(from), SEED)[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "array"})
  void whatTheStandInEngineCachesIsKnown(String form) throws Exception {
    Vertx vertx = Vertx.vertx();
    try (StandIn engine = new StandIn(vertx, host, "--standin-kv-event-encoding=" + form)) {
      int[] tokens = IntStream.range(100, 400).toArray();
      engine.compute(tokens);
      feed.engineWorked();
      eventuallyHeld("the prompt's blocks", PrefixBlocks.of(tokens, SEED));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anEngineThatTellsNothingYetStillTells() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.serveReplay();
      Pods.eventually("the engine speaks", () -> deltas.starts() > 0);
      assertThat(deltas.held(Tier.GPU)).isEmpty();
    }
  }

  @Test
  void whatWasPublishedBeforeTheFeedWasThereIsReplayed() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.keep(prompt(0));
      engine.keep(prompt(1000));
      engine.serveReplay();
      eventuallyHeld("both", hash(0), hash(1000));
    }
  }

  @Test
  void aFirstReplayThatBreaksOffIsAskedForAgain() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.keep(prompt(0));
      engine.keep(prompt(1000));
      engine.breakOffOnce();
      engine.serveReplay();
      eventuallyHeld("both", hash(0), hash(1000));
      assertThat(counts.lost()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHoleIsFilledByAReplayOfEitherForm(boolean topic) {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.replayWithTopic(topic);
      engine.serveReplay();
      link(engine);
      engine.keep(prompt(1000));
      engine.publish(prompt(2000));
      eventuallyHeld("all", hash(0), hash(1000), hash(2000));
      assertThat(counts.lost()).isZero();
    }
  }

  @Test
  void batchesThatCannotBeReplayedAreCountedAndTheRestGoesOn() {
    try (ToldEngine engine = new ToldEngine(host)) {
      link(engine);
      engine.skip();
      engine.publish(prompt(2000));
      eventuallyHeld("both", hash(0), hash(2000));
      assertThat(counts.lost()).isOne();
    }
  }

  @Test
  void anEngineThatBeginsAnewIsForgottenFirst() {
    try (ToldEngine engine = new ToldEngine(host)) {
      link(engine);
      engine.serveReplay();
      engine.publish(prompt(1000));
      eventuallyHeld("both", hash(0), hash(1000));
      engine.beginAnew();
      engine.publish(prompt(3000));
      eventuallyHeld("only what came since", hash(3000));
    }
  }

  @Test
  void anEngineKnownToHaveRestartedIsForgottenAndAskedAgain() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.keep(prompt(0));
      engine.serveReplay();
      eventuallyHeld("the first", hash(0));
      engine.beginAnew();
      engine.keep(prompt(5000));
      feed.engineRestarted();
      eventuallyHeld("only the second", hash(5000));
    }
  }

  @Test
  void aLinkThatStaysSilentWhileTheEngineWorksIsMadeAnew() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.serveReplay();
      Pods.eventually("the engine speaks", () -> deltas.starts() > 0);
      engine.keep(prompt(0)); // computed and published, but no link to hear it on
      feed.engineWorked();
      eventuallyHeld("what was missed", hash(0));
      Pods.eventually("the link is made anew", () -> counts.reopened() > 0);
      engine.connect();
      Pods.eventually(
          "batches come by themselves",
          () -> { // what is sent while the feed lets go of a link is lost on it
            engine.publish(prompt(1000));
            return deltas.held(Tier.GPU).length == 2;
          });
    }
  }

  @Test
  void anEngineThatWorksOnWhatItHasCachedIsNoBrokenLink() {
    try (ToldEngine engine = new ToldEngine(host)) {
      engine.serveReplay();
      Pods.eventually("the engine speaks", () -> deltas.starts() > 0);
      long asked = counts.replays();
      long missed = counts.repliesMissed();
      feed.engineWorked();
      Pods.eventually("it was asked", () -> counts.replays() > asked);
      assertThat(counts.reopened()).isLessThanOrEqualTo(counts.repliesMissed() - missed);
    }
  }

  @Test
  void aSilentLinkIsMadeAnewOnlySoOften() throws Exception {
    EventCounts silent = new EventCounts();
    try (EventFeed impatient =
        EventFeed.start(
            Endpoints.at(Pods.address(), 5557, 5558)
                .withPatience(Duration.ofMillis(10), Duration.ofMillis(10)),
            new BlockTranslator("m", deltas, silent),
            silent)) {
      impatient.engineWorked();
      Pods.eventually("it gives up", () -> silent.reopened() == EventFeed.MOST_REOPENED);
      TimeUnit.MILLISECONDS.sleep(700); // twice the last patience
      assertThat(silent.reopened()).isEqualTo(EventFeed.MOST_REOPENED);
    }
  }

  @Test
  void nonsenseOnTheWireIsCounted() {
    try (ToldEngine engine = new ToldEngine(host)) {
      link(engine);
      engine.serveReplay();
      engine.send("t".getBytes(StandardCharsets.UTF_8));
      engine.send(new byte[0], new byte[3], new byte[9]);
      engine.send(new byte[0], new byte[] {-1, 0, 0, 0, 0, 0, 0, 0}, new byte[9]);
      engine.publishRaw(new byte[] {1, 2, 3});
      Pods.eventually("four are counted", () -> counts.malformed() == 4);
      engine.publish(prompt(1000));
      eventuallyHeld("and the rest goes on", hash(0), hash(1000));
    }
  }
}
