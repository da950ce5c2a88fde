package dev.tandem.standin.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.standin.cache.BlockCache;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.cache.Hold;
import dev.tandem.standin.metrics.EngineMetrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final int SLOTS = 4;

  private final VirtualTime time = new VirtualTime();
  private final BlockCache cache = new BlockCache(1000, true, event -> {});
  private final EngineMetrics metrics = new EngineMetrics("model", 0);
  private final List<Hold> kept = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private final BlockHasher hasher = new BlockHasher(16, "0");
  private Scheduler scheduler = scheduler(TimeModel.DEFAULT, false);

  @Test
  void theFirstTokenComesAfterOverheadAndUncachedTokens() {
    submit("a", prompt(1, 800), 1, 1);

    time.advanceMillis(109.9);
    assertThat(log).isEmpty();
    time.advanceMillis(0.2);
    assertThat(log).containsExactly("a 0-1", "a end");
  }

  @Test
  void cachedTokensCostNothing() {
    submit("a", prompt(1, 800), 1, 1);
    time.advanceMillis(200);
    log.clear();

    submit("b", prompt(1, 816), 1, 1);

    time.advanceMillis(11.9);
    assertThat(log).isEmpty();
    time.advanceMillis(0.2);
    assertThat(log).containsExactly("b 0-1", "b end");
  }

  @Test
  void prefillsRunOneAfterTheOther() {
    submit("a", prompt(1, 800), 1, 1);
    submit("b", prompt(2, 80), 1, 1);

    time.advanceMillis(129.9);
    assertThat(log).containsExactly("a 0-1", "a end");
    time.advanceMillis(0.2);
    assertThat(log).contains("b 0-1");
  }

  @Test
  void tokensFollowAtTheStepOfOneRequest() {
    submit("a", prompt(1, 80), 3, 1);

    time.advanceMillis(20 + 25 + 1);
    assertThat(log).containsExactly("a 0-1", "a 1-2");
    time.advanceMillis(25);
    assertThat(log).containsExactly("a 0-1", "a 1-2", "a 2-3", "a end");
  }

  @Test
  void aStreamIntervalBatchesAllTokensButTheFirst() {
    submit("a", prompt(1, 80), 8, 3);

    time.advanceMillis(1000);

    assertThat(log).containsExactly("a 0-1", "a 1-4", "a 4-7", "a 7-8", "a end");
  }

  @Test
  void theSpeedUpDividesEveryTime() {
    scheduler = scheduler(new TimeModel(8000, 0.010, 0.025, 100), false);
    submit("a", prompt(1, 800), 3, 1);

    time.advanceMillis(1.1 + 0.5 + 0.001);

    assertThat(log).endsWith("a end");
  }

  @Test
  void aRequestWaitsForAFreeSlot() {
    for (int i = 0; i < SLOTS; i++) {
      submit("r" + i, prompt(i, 16), 1000, 1000);
    }
    submit("late", prompt(9, 16), 1, 1);
    time.advanceMillis(1000);

    assertThat(scheduler.running()).isEqualTo(SLOTS);
    assertThat(scheduler.waitingForCapacity()).isEqualTo(1);
    time.advanceMillis(25_000);
    assertThat(log).contains("late end");
  }

  @Test
  void aRequestWaitsForRoomInTheCache() {
    submit("big", prompt(1, 15_990), 10, 1);
    submit("small", prompt(2, 160), 1, 1);

    time.advanceMillis(2015);
    assertThat(scheduler.waitingForCapacity()).isEqualTo(1);
    time.advanceMillis(10_000);
    assertThat(log).contains("big end", "small end");
  }

  @Test
  void theQueueIsBounded() {
    scheduler =
        new Scheduler(
            TimeModel.DEFAULT,
            time,
            cache,
            (id, hold) -> {},
            metrics,
            new Scheduler.Limits(1, 2, false));
    assertThat(submit("running", prompt(1, 16), 1, 1)).isTrue();
    assertThat(submit("first", prompt(2, 16), 1, 1)).isTrue();
    assertThat(submit("second", prompt(3, 16), 1, 1)).isTrue();

    assertThat(submit("third", prompt(4, 16), 1, 1)).isFalse();
  }

  @Test
  void anAbortedPrefillFreesServerSlotAndBlocks() {
    Generation a = generation("a", prompt(1, 8000), 1, 1, null);
    scheduler.submit(a);
    submit("b", prompt(2, 80), 1, 1);
    time.advanceMillis(10);

    scheduler.abort(a);
    scheduler.abort(a);
    time.advanceMillis(20.1);

    assertThat(log).containsExactly("b 0-1", "b end");
    assertThat(cache.held()).isZero();
    assertThat(scheduler.running()).isZero();
    assertThat(metrics("finished_reason=\"abort\"")).endsWith(" 1.0");
  }

  @Test
  void anAbortedDecodeEmitsNothingMore() {
    Generation a = generation("a", prompt(1, 80), 10, 1, null);
    scheduler.submit(a);
    time.advanceMillis(50);
    log.clear();

    scheduler.abort(a);
    time.advanceMillis(1000);

    assertThat(log).isEmpty();
    assertThat(time.pending()).isZero();
  }

  @Test
  void aWaitingRequestLeavesTheQueueWhenAborted() {
    submit("a", prompt(1, 800), 1, 1);
    Generation b = generation("b", prompt(2, 80), 1, 1, null);
    scheduler.submit(b);

    scheduler.abort(b);
    time.advanceMillis(1000);

    assertThat(log).containsExactly("a 0-1", "a end");
  }

  @Test
  void aPulledPromptIsNotPrefilled() {
    Pull pull = new Pull();
    submit(generation("a", prompt(1, 8000), 2, 1, pull));
    assertThat(pull.missing).isEqualTo(500);

    pull.received();
    time.advanceMillis(24.9);
    assertThat(log).isEmpty();
    time.advanceMillis(25.2);
    assertThat(log).containsExactly("a 0-1", "a 1-2", "a end");
  }

  @Test
  void blocksThatAreHereAreNotPulled() {
    submit("a", prompt(1, 4000), 1, 1);
    time.advanceMillis(1000);
    Pull pull = new Pull();

    submit(generation("b", prompt(1, 8000), 1, 1, pull));

    assertThat(pull.missing).isEqualTo(250);
  }

  @Test
  void pullsDoNotWaitForThePrefillServer() {
    submit("a", prompt(1, 8000), 1, 1);
    Pull pull = new Pull();
    submit(generation("b", prompt(2, 800), 1, 1, pull));
    pull.received();

    time.advanceMillis(26);

    assertThat(log).containsExactly("b 0-1", "b end");
  }

  @Test
  void aFailedPullFailsTheRequest() {
    Pull pull = new Pull();
    submit(generation("a", prompt(1, 800), 1, 1, pull));

    pull.failed("gone");

    assertThat(log).containsExactly("a failed: gone");
    assertThat(cache.held()).isZero();
  }

  @Test
  void aFailedPullIsPrefilledHereWhenThePolicySaysSo() {
    scheduler = scheduler(TimeModel.DEFAULT, true);
    Pull pull = new Pull();
    submit(generation("a", prompt(1, 800), 1, 1, pull));

    pull.failed("gone");
    time.advanceMillis(110.1);

    assertThat(log).containsExactly("a 0-1", "a end");
  }

  @Test
  void anAbortedPullKeepsItsBlocksUntilTheTransferHasEnded() {
    Pull pull = new Pull();
    Generation a = generation("a", prompt(1, 800), 1, 1, pull);
    submit(a);

    scheduler.abort(a);
    assertThat(pull.abandoned).isTrue();
    assertThat(cache.held()).isEqualTo(50);
    pull.received();
    assertThat(cache.held()).isZero();
    time.advanceMillis(1000);
    assertThat(log).isEmpty();
  }

  @Test
  void theBlocksOfAProducerGoToTheKeeper() {
    Generation.Plan plan =
        new Generation.Plan(
            "p", hasher.prompt(prompt(1, 160), null, null), 1, FinishReason.LENGTH, 1, false, true);
    submit(new Generation(plan, null, new Recorder("p")));

    time.advanceMillis(100);

    assertThat(kept).hasSize(1);
    assertThat(cache.held()).isEqualTo(10);
    assertThat(log).containsExactly("p 0-1", "p end, 10 blocks kept");
  }

  @Test
  void anAbortedProducerKeepsNothing() {
    Generation.Plan plan =
        new Generation.Plan(
            "p", hasher.prompt(prompt(1, 160), null, null), 1, FinishReason.LENGTH, 1, false, true);
    Generation p = new Generation(plan, null, new Recorder("p"));
    submit(p);
    time.advanceMillis(5);

    scheduler.abort(p);
    time.advanceMillis(100);

    assertThat(kept).isEmpty();
    assertThat(cache.held()).isZero();
  }

  private Scheduler scheduler(TimeModel model, boolean recompute) {
    return new Scheduler(
        model,
        time,
        cache,
        (id, hold) -> kept.add(hold),
        metrics,
        new Scheduler.Limits(SLOTS, 100, recompute));
  }

  private boolean submit(String name, int[] tokens, int output, int interval) {
    return scheduler.submit(generation(name, tokens, output, interval, null));
  }

  private void submit(Generation generation) {
    assertThat(scheduler.submit(generation)).isTrue();
  }

  private Generation generation(
      String name, int[] tokens, int output, int interval, @Nullable RemotePrefill remote) {
    Generation.Plan plan =
        new Generation.Plan(
            name,
            hasher.prompt(tokens, null, null),
            output,
            FinishReason.LENGTH,
            interval,
            true,
            false);
    return new Generation(plan, remote, new Recorder(name));
  }

  private static int[] prompt(int token, int length) {
    int[] tokens = new int[length];
    Arrays.fill(tokens, token);
    return tokens;
  }

  private String metrics(String part) {
    return new String(metrics.scrape(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(part))
        .findFirst()
        .orElse("");
  }

  private final class Recorder implements Generation.Listener {
    private final String name;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public void tokens(int from, int to) {
      log.add(name + " " + from + "-" + to);
    }

    @Override
    public void finished(int @Nullable [] blockIds) {
      log.add(name + " end" + (blockIds == null ? "" : ", " + blockIds.length + " blocks kept"));
    }

    @Override
    public void failed(String why) {
      log.add(name + " failed: " + why);
    }
  }

  /** A pull that ends when the test says so. */
  private static final class Pull implements RemotePrefill {
    int missing;
    boolean abandoned;
    @Nullable Outcome outcome;

    @Override
    public void pull(int missingBlocks, int promptBlocks, Outcome toCall) {
      missing = missingBlocks;
      outcome = toCall;
    }

    @Override
    public void abandon() {
      abandoned = true;
    }

    void received() {
      if (outcome != null) {
        outcome.received();
      }
    }

    void failed(String why) {
      if (outcome != null) {
        outcome.failed(why);
      }
    }
  }
}
