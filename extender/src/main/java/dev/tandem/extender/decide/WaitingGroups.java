package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Reservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The groups that have some of their pods placed and wait for others, in the planner's form. Each
 * is made again only when its pods changed, or where they are expected. One thread; holds an entry
 * for each incomplete group of the last question.
 */
final class WaitingGroups {
  private Map<String, Known> known = new HashMap<>();
  private final Map<String, Integer> guesses = new HashMap<>();

  private record Known(
      GroupPods pods, List<Expected> expected, boolean fresh, long lives, @Nullable Group group) {}

  /**
   * The waiting groups of a situation.
   *
   * @param nowMillis epoch milliseconds
   * @param announcement how long after its newest pod was seen announced members of a group count
   */
  List<Group> of(
      ClusterPicture picture, Situation situation, long nowMillis, Duration announcement) {
    Map<String, List<Expected>> expected = new HashMap<>();
    for (Expected e : situation.expected()) {
      String key = e.pod().groupKey();
      if (key != null) {
        expected.computeIfAbsent(key, k -> new ArrayList<>()).add(e);
      }
    }
    Map<String, Known> now = new HashMap<>();
    List<Group> waiting = new ArrayList<>();
    for (GroupPods pods : all(picture, situation, expected, nowMillis)) {
      List<Expected> there = expected.getOrDefault(pods.key(), List.of());
      if (pods.bound() == 0 && there.isEmpty()) {
        continue;
      }
      long age = nowMillis - pods.newestMillis();
      // One seen in the future was seen before the clock was set back.
      boolean fresh = age >= 0 && age <= announcement.toMillis();
      Known before = known.get(pods.key());
      boolean same =
          before != null
              && before.pods() == pods
              && before.fresh() == fresh
              && before.lives() == situation.snapshot().lives()
              && same(before.expected(), there);
      Known entry =
          same && before != null
              ? before
              : new Known(
                  pods,
                  there,
                  fresh,
                  situation.snapshot().lives(),
                  group(situation, pods, there, fresh));
      now.put(pods.key(), entry);
      if (entry.group() != null) {
        waiting.add(entry.group());
      }
    }
    known = now;
    guesses.keySet().retainAll(now.keySet());
    return waiting;
  }

  /** Those of the watch, and those of which it has not shown a pod yet. */
  private List<GroupPods> all(
      ClusterPicture picture,
      Situation situation,
      Map<String, List<Expected>> expected,
      long nowMillis) {
    Map<String, List<Expected>> unseen = new HashMap<>(expected);
    List<GroupPods> all = new ArrayList<>(situation.snapshot().incomplete());
    all.forEach(pods -> unseen.remove(pods.key()));
    unseen.forEach((key, there) -> {
      if (picture.group(key) == null) {
        Known before = known.get(key);
        all.add(
            before != null && madeOf(before.pods().members(), there)
                ? before.pods()
                : GroupPods.of(key, there.stream().map(Expected::pod).toList(), pod -> nowMillis));
      }
    });
    return all;
  }

  /** Remembers what size was assumed for pods of a group that are not seen yet. */
  void guessed(String key, int gpus) {
    guesses.put(key, gpus);
  }

  void forget() {
    known = new HashMap<>();
    guesses.clear();
  }

  /** Which nodes a waiting group's pods may use: those its first pod selects. */
  Reservations.Access access(ClusterPicture picture, Situation situation) {
    return group -> {
      Known entry = known.get(group.key());
      if (entry == null || entry.pods().members().isEmpty()) {
        return null;
      }
      return allowed(picture, situation, group, entry.pods().members().getFirst());
    };
  }

  /** Tainted nodes count for a group that has a pod on one: its pods are let in. */
  private static boolean[] allowed(
      ClusterPicture picture, Situation situation, Group group, PodFacts member) {
    ClusterPicture.Snapshot snapshot = situation.snapshot();
    byte[] doors = snapshot.doors();
    boolean tolerant =
        group.placed().stream()
            .mapToInt(placed -> snapshot.blocks().indexOf(placed.node()))
            .anyMatch(node -> node >= 0 && doors[node] == Floor.TAINTED);
    boolean @Nullable [] selected = picture.with(member.nodeSelector(), snapshot.blocks());
    boolean[] allowed = new boolean[doors.length];
    for (int node = 0; node < allowed.length; node++) {
      boolean open = doors[node] == Floor.OPEN || (tolerant && doors[node] == Floor.TAINTED);
      allowed[node] = open && (selected == null || selected[node]);
    }
    return allowed;
  }

  private @Nullable Group group(
      Situation situation, GroupPods pods, List<Expected> expected, boolean fresh) {
    Groups groups = situation.groups(pods.key(), pods.members(), expected, fresh);
    if (groups.isEmpty()) {
      return null;
    }
    int largest = pods.members().stream().mapToInt(PodFacts::gpus).max().orElse(0);
    return groups.group(guesses.getOrDefault(pods.key(), largest));
  }

  private static boolean madeOf(List<PodFacts> pods, List<Expected> expected) {
    if (pods.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < pods.size(); i++) {
      if (pods.get(i) != expected.get(i).pod()) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(List<Expected> a, List<Expected> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).pod() != b.get(i).pod() || !a.get(i).node().equals(b.get(i).node())) {
        return false;
      }
    }
    return true;
  }
}
