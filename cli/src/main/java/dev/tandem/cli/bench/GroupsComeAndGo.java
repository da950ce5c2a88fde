package dev.tandem.cli.bench;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.NodeFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A cluster's life, seeded: groups of 2 prefill and 2 decode pods of 4 GPUs come, four at a time
 * and interleaved, and the oldest go once four fifths of the GPUs are taken. The scheduler offers
 * every node with room. One thread, used once.
 */
final class GroupsComeAndGo {
  private static final int GPUS = 8;
  private static final int POD_GPUS = 4;

  private final Random random = new Random(1);
  private final String[] names;
  private final int[] free;
  private final Deque<PodFacts> bound = new ArrayDeque<>();
  private final Deque<Integer> places = new ArrayDeque<>();
  private long nowMillis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private int taken;

  GroupsComeAndGo(int nodes) {
    names = new String[nodes];
    free = new int[nodes];
    Arrays.setAll(names, "gpu-%05d"::formatted);
    Arrays.fill(free, GPUS);
  }

  /** The time of this life: 400 ms go by from pod to pod. */
  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(nowMillis);
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  /** Places this many pods; returns the mean time of a call in milliseconds. */
  double run(int pods, ClusterFeed feed, Decisions decisions, Consumer<String> settled) {
    for (int i = 0; i < names.length; i++) {
      feed.node(node(i));
    }
    long nanos = 0;
    List<PodFacts> waiting = new ArrayList<>();
    for (int i = 0; i < pods; i++) {
      if (waiting.isEmpty()) {
        for (int p = 0; p < 16; p++) {
          waiting.add(pod(i + p));
        }
        waiting.forEach(feed::pod);
      }
      while (taken > names.length * GPUS * 4 / 5) {
        leave(feed, settled);
      }
      nanos += place(waiting.remove(random.nextInt(waiting.size())), feed, decisions, settled);
    }
    return nanos / 1e6 / (2.0 * pods);
  }

  private long place(
      PodFacts pod, ClusterFeed feed, Decisions decisions, Consumer<String> settled) {
    nowMillis += 400;
    List<String> candidates = new ArrayList<>(names.length);
    for (int i = 0; i < names.length; i++) {
      if (free[i] >= POD_GPUS) {
        candidates.add(names[i]);
      }
    }
    long start = System.nanoTime();
    Decision decision = decisions.filter(pod, candidates);
    long nanos = System.nanoTime() - start;
    if (!(decision instanceof Decision.Chosen chosen)) {
      throw new IllegalStateException("there is room, but " + decision);
    }
    List<String> kept = chosen.choices().stream().map(choice -> choice.node()).toList();
    start = System.nanoTime();
    decisions.prioritize(pod, kept);
    nanos += System.nanoTime() - start;
    int node = Arrays.binarySearch(names, kept.getFirst());
    free[node] -= POD_GPUS;
    taken += POD_GPUS;
    PodFacts now = pod.on(names[node]);
    feed.pod(now);
    settled.accept(now.uid());
    bound.add(now);
    places.add(node);
    return nanos;
  }

  private void leave(ClusterFeed feed, Consumer<String> settled) {
    String uid = bound.remove().uid();
    free[places.remove()] += POD_GPUS;
    taken -= POD_GPUS;
    feed.podGone(uid);
    settled.accept(uid);
  }

  private NodeState node(int i) {
    return new NodeState(
        new NodeFacts(
            names[i],
            Map.of(
                Level.NVLINK, "n" + i / 16,
                Level.LEAF, "l" + i / 32,
                Level.SPINE, "s" + i / 256,
                Level.CORE, "c0"),
            GPUS,
            "NVIDIA-H100-80GB-HBM3",
            81_559,
            List.of()),
        true,
        false,
        Map.of("kubernetes.io/hostname", names[i], "pool", "gpu"));
  }

  private PodFacts pod(int number) {
    String group = "chat-" + number / 4;
    String role = number % 4 < 2 ? "prefill" : "decode";
    String name = group + "-" + role + "-" + number % 2;
    return new PodFacts(
        "6f1c0000-0000-4000-8000-%012d".formatted(number),
        "llm",
        name,
        null,
        true,
        false,
        nowMillis,
        POD_GPUS,
        Map.of(),
        Annotations.read(
            Map.of(
                Keys.ROLE,
                role,
                Keys.GROUP,
                group,
                Keys.GROUP_SIZE,
                "prefill=2,decode=2",
                Keys.MODEL,
                "llama-3-70b"),
            Map.of()));
  }
}
