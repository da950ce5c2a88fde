package dev.tandem.extender.decide;

import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.Transfer;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

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

  private final String key;
  private final List<PodFacts> members;
  private final Map<String, String> nodes;
  private final boolean announcedToo;

  /**
   * @param key namespace/group
   * @param members its pods, finished and leaving ones left out
   * @param nodes node by pod UID, bound and expected alike
   * @param announcedToo whether members not created yet count
   */
  Groups(String key, List<PodFacts> members, Map<String, String> nodes, boolean announcedToo) {
    this.key = key;
    this.members =
        members.stream()
            .sorted(Comparator.comparingLong(PodFacts::createdMillis).thenComparing(PodFacts::uid))
            .toList();
    this.nodes = nodes;
    this.announcedToo = announcedToo;
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

  /** The same with one pod among those without a place. */
  Groups without(String uid) {
    Map<String, String> others = new HashMap<>(nodes);
    others.remove(uid);
    return new Groups(key, members, others, announcedToo);
  }

  /** Whether a role is announced of which no pod is known, so that its GPUs must be guessed. */
  boolean hasUnseenRole() {
    return announced().entrySet().stream()
        .anyMatch(entry -> entry.getValue() > 0 && count(entry.getKey()) == 0);
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
        members.stream().mapToInt(PodFacts::priority).max().orElse(0),
        oldest.createdMillis(),
        placed,
        missing,
        transfer(),
        members.stream()
            .map(PodFacts::ask)
            .filter(a -> a != null && a.required() != null)
            .findFirst()
            .map(PodFacts.Ask::required)
            .orElse(null));
  }

  private Map<Role, Integer> announced() {
    Map<Role, Integer> announced = new EnumMap<>(Role.class);
    if (announcedToo) {
      for (PodFacts pod : members) {
        if (pod.ask() != null && pod.ask().groupSize() != null) {
          pod.ask()
              .groupSize()
              .pods()
              .forEach((role, count) -> announced.merge(role, count, Math::max));
        }
      }
    }
    return announced;
  }

  /** Engines of a role that have a pod, which is what group-size counts. */
  private int count(Role role) {
    return engines(role).size();
  }

  /** Pods known by engine; most engines are one pod. */
  private Map<String, List<PodFacts>> engines(Role role) {
    Map<String, List<PodFacts>> engines = new LinkedHashMap<>();
    for (PodFacts pod : members) {
      if (role(pod) == role) {
        engines.computeIfAbsent(member(pod).engine(), e -> new ArrayList<>()).add(pod);
      }
    }
    return engines;
  }

  /** Members that are not created yet: of engines that have begun, and of those announced. */
  private List<Member> unseen(int unseenGpus) {
    List<Member> unseen = new ArrayList<>();
    if (!announcedToo) {
      return unseen;
    }
    Map<Role, Integer> announced = announced();
    for (Role role : Role.values()) {
      Map<String, List<PodFacts>> engines = engines(role);
      int gpus = gpusOf(role, unseenGpus);
      int pods = 1;
      for (Map.Entry<String, List<PodFacts>> engine : engines.entrySet()) {
        PodFacts.Engine of = engine.getValue().getFirst().engine();
        pods = Math.max(pods, of == null ? 1 : of.pods());
        for (int i = engine.getValue().size(); of != null && i < of.pods(); i++) {
          unseen.add(new Member(engine.getKey() + "#" + i, role, gpus, engine.getKey()));
        }
      }
      for (int e = engines.size(); e < announced.getOrDefault(role, 0); e++) {
        String engine = key + "#" + role.label() + "-" + e;
        for (int i = 0; i < pods; i++) {
          unseen.add(new Member(pods == 1 ? engine : engine + "." + i, role, gpus, engine));
        }
      }
    }
    return unseen;
  }

  private int gpusOf(Role role, int unseen) {
    return most(pod -> member(pod).role() == role ? pod.gpus() : -1, unseen);
  }

  private int most(ToIntFunction<PodFacts> value, int otherwise) {
    int most = members.stream().mapToInt(value).max().orElse(-1);
    return most < 0 ? otherwise : most;
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
    long bytes =
        members.stream()
            .map(PodFacts::ask)
            .mapToLong(ask -> ask == null ? 0 : ask.kvBytesPerToken())
            .max()
            .orElse(0);
    if (bytes > 0) {
      model = model.withKvBytesPerToken(bytes);
    }
    int largest = Math.max(1, most(PodFacts::gpus, 1));
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
