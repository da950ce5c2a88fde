package dev.tandem.extender.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordAndReplayTest {
  private static final long PLENTY = 64L << 20;

  /** Announced members of the first groups count when the next segment begins, but not for long. */
  private static final Duration NEARLY_A_MINUTE = Duration.ofSeconds(52);

  @TempDir Path folder;

  private Scenario record(long seed) throws IOException {
    Scenario scenario = new Scenario(folder, PLENTY, seed, 64);
    scenario.groups(12);
    scenario.pass(NEARLY_A_MINUTE);
    scenario.selectByAnotherLabel();
    scenario.groups(8);
    scenario.recorder().close();
    return scenario;
  }

  private Summary replay(Replay.Change change, List<SegmentResult> results) throws Exception {
    return new Replay(folder, change).run(2, results::add);
  }

  private static Replay.Change configured(UnaryOperator<Configuration> change, boolean costs) {
    return new Replay.Change(change, UnaryOperator.identity(), costs);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasRecordedIsAnsweredTheSameAgain(long seed) throws Exception {
    Scenario scenario = record(seed);
    List<SegmentResult> results = new ArrayList<>();
    Summary summary = replay(Replay.Change.none(), results);
    assertThat(results).flatExtracting(SegmentResult::differences).isEmpty();
    assertThat(results).flatExtracting(SegmentResult::damages).isEmpty();
    assertThat(scenario.preempted()).isPositive();
    assertThat(summary.calls()).isEqualTo(scenario.answered());
    assertThat(summary.same()).isEqualTo(scenario.answered());
    assertThat(scenario.recorder().written()).isEqualTo(scenario.answered());
    assertThat(scenario.recorder().dropped()).isZero();
    assertThat(summary.nanos().count()).isEqualTo(scenario.answered());
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 7, 8, 9, 10, 11, 12})
  void aSegmentBegunInTheMiddleHoldsAllThatLaterAnswersDependOn(long seed) throws Exception {
    Scenario scenario = record(seed);
    List<Path> files = Ring.files(folder);
    assertThat(files).as("a selector on another label begins a segment").hasSizeGreaterThan(1);
    for (Path file : files.subList(0, files.size() - 1)) {
      Files.delete(file);
    }
    Summary summary = replay(Replay.Change.none(), new ArrayList<>());
    assertThat(summary.calls()).isPositive().isLessThan(scenario.answered());
    assertThat(summary.different()).isZero();
  }

  @Test
  void otherDomainsChangeWhereItIsWorthEvicting() throws Exception {
    record(8);
    List<SegmentResult> results = new ArrayList<>();
    replay(
        new Replay.Change(UnaryOperator.identity(), RecordAndReplayTest::inOtherDomains, true),
        results);
    assertThat(results)
        .flatExtracting(SegmentResult::differences)
        .filteredOn(difference -> difference.verb().equals("preempt"))
        .isNotEmpty()
        .allSatisfy(one -> {
          assertThat(one.otherNodes()).isPositive();
          assertThat(one.now().outcome()).matches("kept \\d+ of \\d+ nodes");
        });
  }

  @Test
  void otherDomainsMoveThePodsThatTheyMakeBetterOff() throws Exception {
    record(8);
    List<SegmentResult> results = new ArrayList<>();
    Summary summary =
        replay(
            new Replay.Change(UnaryOperator.identity(), RecordAndReplayTest::inOtherDomains, true),
            results);
    assertThat(summary.better()).isPositive();
    assertThat(results)
        .flatExtracting(SegmentResult::differences)
        .filteredOn(difference -> difference.kind() == Difference.Kind.BETTER)
        .anySatisfy(one -> {
          assertThat(one.now().seconds()).isLessThan(one.beforeToday());
          assertThat(one.before().node()).isNotNull();
        });
  }

  private static NodeState inOtherDomains(NodeState node) {
    NodeFacts facts = node.facts();
    Map<Level, String> levels = new EnumMap<>(facts.levels());
    int number = Integer.parseInt(facts.name().substring("gpu-".length()));
    levels.put(Level.NVLINK, "m" + number / 32 + "-" + number % 4);
    return new NodeState(
        new NodeFacts(
            facts.name(),
            levels,
            facts.gpus(),
            facts.gpuProduct(),
            facts.gpuMemoryMebibytes(),
            List.of()),
        node.open(),
        node.tainted(),
        node.labels());
  }

  @Test
  void slowerLinksMoveNoPodThatHasTheNearestPlaceAnyway() throws Exception {
    record(9);
    Summary summary =
        replay(
            configured(
                was ->
                    new Configuration(
                        was.limits(),
                        LinkSpeeds.defaults()
                            .with(Map.of(Level.NVLINK, new LinkSpeeds.Link(300, Transport.MNNVL))),
                        was.cost()),
                true),
            new ArrayList<>());
    assertThat(summary.calls()).isPositive();
    assertThat(summary.worse()).isZero();
  }

  @Test
  void whatFindsNoRoomIsCountedAndTheRestIsStillConsistent() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    SegmentWriter writer =
        new SegmentWriter(
            new Ring(folder, PLENTY, Clock.systemUTC()),
            200,
            2_000,
            task ->
                new Thread(() -> {
                  try {
                    go.await();
                    task.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    Scenario scenario = new Scenario(writer, 10, 64);
    scenario.groups(10);
    go.countDown();
    await().atMost(Duration.ofMinutes(1)).until(writer::roomy);
    scenario.groups(10);
    scenario.recorder().close();
    assertThat(scenario.recorder().dropped()).isPositive();
    Summary summary = replay(Replay.Change.none(), new ArrayList<>());
    assertThat(summary.calls())
        .isEqualTo(scenario.recorder().written())
        .isLessThan(scenario.answered());
    assertThat(summary.different()).isZero();
    assertThat(summary.damaged()).isZero();
  }

  @Test
  void theOldestSegmentsMakeWay() throws Exception {
    try (Recorder recorder = new Scenario(folder, 1 << 20, 9, 256).recorder()) {
      assertThat(recorder.recording()).isTrue();
    }
    Ring ring = new Ring(folder, 10_000, Clock.systemUTC());
    for (int i = 0; i < 5; i++) {
      Files.write(
          folder.resolve("tandem-2025010%dT000000.000Z.jsonl.gz".formatted(i)), new byte[4_000]);
    }
    Files.write(folder.resolve("notes.txt"), new byte[20_000]);
    ring.trim();
    assertThat(Ring.files(folder)).hasSizeLessThanOrEqualTo(2);
    assertThat(folder.resolve("notes.txt")).exists();
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedAtOnce() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> new Scenario(file, PLENTY, 1, 8)).isInstanceOf(IOException.class);
  }

  @Test
  void aFolderWithoutSegmentsIsToldWithWhatIsAccepted() {
    assertThatThrownBy(() -> new Replay(folder, Replay.Change.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tandem-*.jsonl.gz");
  }
}
