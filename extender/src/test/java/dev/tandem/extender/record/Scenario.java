package dev.tandem.extender.record;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A seeded stretch of a cluster's life with a recorder in it: groups come interleaved, binds reach
 * the watch late, pods finish, nodes are cordoned, relabelled, lost and added, and show late.
 */
final class Scenario {
  static final Decider.Limits LIMITS = Decider.Limits.defaults();

  private final Random random;
  private final Random eviction;
  private final List<String> names = new ArrayList<>();
  private final List<Runnable> late = new ArrayList<>();
  private final List<PodFacts> bound = new ArrayList<>();
  private final HandClock clock = new HandClock();
  private final List<Runnable> drawings = new ArrayList<>();
  private final Recorder recorder;
  private final ClusterFeed feed;
  private final Decisions decisions;
  private final Consumer<String> settled;
  private String selected = "pool";
  private int pods;
  private int answered;
  private int preempted;

  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  Scenario(Path folder, long mostBytes, long seed, int nodes) throws IOException {
    this(new SegmentWriter(new Ring(folder, mostBytes, Clock.systemUTC())), seed, nodes);
  }

  Scenario(SegmentWriter writer, long seed, int nodes) {
    random = new Random(seed);
    eviction = new Random(~seed);
    Configuration configuration =
        new Configuration(LIMITS, LinkSpeeds.defaults(), TransferCost.defaults());
    recorder = new Recorder(writer, clock);
    ClusterPicture picture =
        new ClusterPicture(LinkSpeeds.defaults(), recorder.clock(), drawings::add, recorder.drawing());
    Decider decider = new Decider(picture, new Journal(), LIMITS, recorder.clock());
    decisions = recorder.decisions(decider, new Subject(() -> configuration, decider::handOver));
    feed = recorder.feed(picture);
    settled = recorder.settled(decider::settled);
    for (int i = 0; i < nodes; i++) {
      names.add("gpu-%04d".formatted(i));
      node(i, 0, true);
    }
    draw();
  }

  /** A generation of nodes shows late, and calls go on meanwhile. */
  private void draw() {
    drawings.forEach(Runnable::run);
    drawings.clear();
  }

  Recorder recorder() {
    return recorder;
  }

  /** Preempt calls answered. */
  int preempted() {
    return preempted;
  }

  /** Calls answered for pods of ours. */
  int answered() {
    return answered;
  }

  /** From now on pods select their nodes by another label, of which no segment has heard. */
  void selectByAnotherLabel() {
    selected = "rack";
  }

  void pass(Duration time) {
    clock.now = clock.now.plus(time);
  }

  void groups(int count) {
    List<PodFacts> waiting = new ArrayList<>();
    for (int g = 0; g < count; g++) {
      String size = random.nextInt(3) == 0 ? "" : "prefill=2,decode=2";
      int gpus = random.nextBoolean() ? 4 : 8;
      for (int i = 0; i < 4; i++) {
        waiting.add(pod("g" + pods + "-" + g, i < 2 ? "prefill" : "decode", i, gpus, size));
      }
      if (waiting.size() > 12 || g == count - 1) {
        waiting.forEach(feed::pod);
        while (!waiting.isEmpty()) {
          place(waiting.remove(random.nextInt(waiting.size())));
          somethingElse();
        }
      }
    }
    late.forEach(Runnable::run);
    late.clear();
    pods++;
  }

  /** Evicts bound pods or pods of others, here and there, and on a node that nobody knows. */
  private void preempt(PodFacts pod) {
    Map<String, Victims> offered = new LinkedHashMap<>();
    if (eviction.nextBoolean()) {
      for (PodFacts victim : bound) {
        offered.put(
            String.valueOf(victim.node()), new Victims(List.of(victim.uid()), eviction.nextInt(2)));
      }
    } else {
      for (String node : names) {
        offered.put(node, new Victims(List.of("stranger on " + node), 0));
      }
    }
    offered.put("nobody-knows", new Victims(List.of("somebody"), 0));
    answered++;
    preempted++;
    decisions.preempt(pod, offered);
  }

  private void place(PodFacts pod) {
    clock.now = clock.now.plusMillis(random.nextInt(400));
    if (eviction.nextInt(8) == 0) {
      preempt(pod);
    }
    List<String> candidates = names.stream().filter(name -> random.nextInt(50) > 0).toList();
    if (random.nextInt(40) == 0) {
      candidates = new ArrayList<>(candidates);
      candidates.add("nobody-knows");
    }
    answered++;
    if (decisions.filter(pod, candidates) instanceof Decision.Chosen chosen) {
      List<String> kept = chosen.choices().stream().map(choice -> choice.node()).toList();
      answered++;
      decisions.prioritize(pod, kept);
      String node = kept.get(random.nextInt(8) == 0 ? kept.size() - 1 : 0);
      late.add(() -> {
        PodFacts now = pod.on(node);
        feed.pod(now);
        settled.accept(now.uid());
        bound.add(now);
      });
    }
    while (late.size() > 6) {
      late.removeFirst().run();
    }
  }

  private void somethingElse() {
    if (random.nextInt(3) == 0) {
      draw();
    }
    int node = random.nextInt(names.size());
    switch (random.nextInt(20)) {
      case 0 -> node(node, 0, random.nextBoolean());
      case 1 -> node(node, 1, true);
      case 2 -> feed.nodeGone(names.get(node));
      case 3, 4, 5, 6 -> {
        if (bound.size() > 20) {
          String uid = bound.remove(random.nextInt(bound.size())).uid();
          feed.podGone(uid);
          settled.accept(uid);
        }
      }
      case 7 -> feed.pod(pod("", "", pods++, random.nextInt(9), ""));
      case 8 -> decisions.filter(pod("", "", pods++, 0, ""), names);
      default -> {}
    }
  }

  private void node(int i, int shift, boolean open) {
    int place = i + shift;
    feed.node(
        new NodeState(
            new NodeFacts(
                names.get(i),
                Map.of(
                    Level.NVLINK, "n" + place / 8,
                    Level.LEAF, "l" + place / 32,
                    Level.SPINE, "s" + place / 128),
                8,
                "H100",
                81_559,
                List.of()),
            open,
            false,
            Map.of(
                "pool",
                "p" + i % 2,
                "rack",
                "p" + i / 2 % 2,
                "kubernetes.io/hostname",
                names.get(i))));
  }

  private PodFacts pod(String group, String role, int number, int gpus, String size) {
    String name = group + "-" + role + "-" + number;
    Map<String, String> annotations =
        group.isEmpty()
            ? Map.of()
            : size.isEmpty()
                ? Map.of(Keys.ROLE, role, Keys.GROUP, group)
                : Map.of(Keys.ROLE, role, Keys.GROUP, group, Keys.GROUP_SIZE, size);
    Map<String, String> selector =
        random.nextInt(10) == 0 ? Map.of(selected, "p" + random.nextInt(2)) : Map.of();
    return new PodFacts(
        "uid-" + name,
        "llm",
        name,
        null,
        true,
        false,
        clock.now.toEpochMilli(),
        gpus,
        selector,
        Annotations.read(annotations, Map.of()));
  }
}
