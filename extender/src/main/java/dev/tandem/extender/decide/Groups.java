package dev.tandem.extender.decide;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.Transfer;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns the pods of one group into what the planner plans: who has a place, who waits, and who is
 * not created yet but announced by {@code group-size}. Immutable; made for one decision.
 */
final class Groups {
  /**
   * Median prompt of the conversation trace of Mooncake, in tokens: placement weighs by what an
   * ordinary request moves.
   */
  static final int REFERENCE_PROMPT_TOKENS = 6909;

  private static final Comparator<PodFacts> OLDEST_FIRST =
      Comparator.comparingLong(PodFacts::createdMillis).thenComparing(PodFacts::uid);

  private final String key;
  private final List<PodFacts> members;
  private final Map<String, String> nodes;
  private final boolean announcedToo;
  private final Map<Role, Integer> announced = new EnumMap<>(Role.class);

  /** Pods known by role and engine; most engines are one pod. */
  private final Map<Role, Map<String, List<PodFacts>>> engines = new EnumMap<>(Role.class);

  /**
   * @param key namespace/group
   * @param members its pods, finished and leaving ones left out
   * @param nodes node by pod UID, bound and expected alike
   * @param announcedToo whether members not created yet count
   */
  Groups(
      String key, Collection<PodFacts> members, Map<String, String> nodes, boolean announcedToo) {
    this.key = key;
    this.members = new ArrayList<>(members);
    this.members.sort(OLDEST_FIRST);
    this.nodes = nodes;
    this.announcedToo = announcedToo;
    for (PodFacts pod : this.members) {
      engines
          .computeIfAbsent(role(pod), role -> new LinkedHashMap<>())
          .computeIfAbsent(member(pod).engine(), engine -> new ArrayList<>(1))
          .add(pod);
      GroupSize size = pod.ask() == null ? null : pod.ask().groupSize();
      if (announcedToo && size != null) {
        size.pods().forEach((role, count) -> announced.merge(role, count, Math::max));
      }
    }
  }

  static Member member(PodFacts pod) {
    PodFacts.Engine engine = pod.engine();
    return new Member(pod.uid(), role(pod), pod.gpus(), engine == null ? pod.uid() : engine.key());
  }

  /** The pods that have a node. */
  static List<Placed> placed(List<PodFacts> pods) {
    List<Placed> placed = new ArrayList<>();
    for (PodFacts pod : pods) {
      String node = pod.node();
      if (node != null) {
        placed.add(new Placed(member(pod), node));
      }
    }
    return placed;
  }

  private static Role role(PodFacts pod) {
    return pod.ask() == null ? Role.BOTH : pod.ask().role();
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Whether a role is announced of which no pod is known, so that its GPUs must be guessed. */
  boolean hasUnseenRole() {
    for (Map.Entry<Role, Integer> of : announced.entrySet()) {
      if (of.getValue() > 0 && !engines.containsKey(of.getKey())) {
        return true;
      }
    }
    return false;
  }

  /**
   * The group for the planner.
   *
   * @param unseenGpus GPUs of a pod of a role of which no pod is known
   */
  Group group(int unseenGpus) {
    List<Placed> placed = new ArrayList<>();
    List<Member> missing = new ArrayList<>();
    for (PodFacts pod : members) {
      String node = nodes.get(pod.uid());
      if (node == null) {
        missing.add(member(pod));
      } else {
        placed.add(new Placed(member(pod), node));
      }
    }
    missing.addAll(unseen(unseenGpus));
    PodFacts oldest = members.getFirst();
    PodFacts.Ask ask = oldest.ask();
    return new Group(
        key,
        ask == null ? key : ask.group(),
        most(PodFacts::priority),
        oldest.createdMillis(),
        placed,
        missing,
        transfer(),
        required());
  }

  private @Nullable Level required() {
    for (PodFacts pod : members) {
      if (pod.ask() != null && pod.ask().required() != null) {
        return pod.ask().required();
      }
    }
    return null;
  }

  /** Members that are not created yet: of engines that have begun, and of those announced. */
  private List<Member> unseen(int unseenGpus) {
    List<Member> unseen = new ArrayList<>();
    if (!announcedToo) {
      return unseen;
    }
    for (Role role : Role.values()) {
      Map<String, List<PodFacts>> known = engines.getOrDefault(role, Map.of());
      int gpus = gpusOf(role, unseenGpus);
      int pods = 1;
      for (Map.Entry<String, List<PodFacts>> engine : known.entrySet()) {
        PodFacts.Engine of = engine.getValue().getFirst().engine();
        pods = Math.max(pods, of == null ? 1 : of.pods());
        for (int i = engine.getValue().size(); of != null && i < of.pods(); i++) {
          unseen.add(new Member(engine.getKey() + "#" + i, role, gpus, engine.getKey()));
        }
      }
      for (int e = known.size(); e < announced.getOrDefault(role, 0); e++) {
        String engine = key + "#" + role.label() + "-" + e;
        for (int i = 0; i < pods; i++) {
          unseen.add(new Member(pods == 1 ? engine : engine + "." + i, role, gpus, engine));
        }
      }
    }
    return unseen;
  }

  private int gpusOf(Role role, int unseen) {
    int most = -1;
    for (List<PodFacts> engine : engines.getOrDefault(role, Map.of()).values()) {
      for (PodFacts pod : engine) {
        most = Math.max(most, pod.gpus());
      }
    }
    return most < 0 ? unseen : most;
  }

  private int most(ToIntFunction<PodFacts> value) {
    int most = value.applyAsInt(members.getFirst());
    for (PodFacts pod : members) {
      most = Math.max(most, value.applyAsInt(pod));
    }
    return most;
  }

  /** A pod uses its GPUs for tensor parallelism: that is how vLLM splits one engine on one node. */
  private Transfer transfer() {
    ModelFacts model = ModelFacts.of("");
    for (PodFacts pod : members) {
      PodFacts.Ask ask = pod.ask();
      if (ask != null && ask.model() != null) {
        model = ModelFacts.of(ask.model());
        break;
      }
    }
    long bytes = 0;
    for (PodFacts pod : members) {
      bytes = Math.max(bytes, pod.ask() == null ? 0 : pod.ask().kvBytesPerToken());
    }
    if (bytes > 0) {
      model = model.withKvBytesPerToken(bytes);
    }
    int largest = Math.max(1, most(PodFacts::gpus));
    return model.transfer(
        REFERENCE_PROMPT_TOKENS,
        Math.max(1, gpusOf(Role.PREFILL, largest)),
        Math.max(1, gpusOf(Role.DECODE, largest)));
  }

  /** Sizes worth assuming for pods not seen yet, largest first. */
  static TreeSet<Integer> assumptions(int asked, int largestNode) {
    TreeSet<Integer> sizes = new TreeSet<>(Comparator.reverseOrder());
    sizes.add(asked);
    for (int size = Math.max(1, asked / 2); size <= largestNode; size *= 2) {
      sizes.add(size);
    }
    return sizes;
  }
}
