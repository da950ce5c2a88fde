package dev.tandem.extender.decide;

import dev.tandem.api.Keys;
import dev.tandem.topology.placement.Choice;
import dev.tandem.topology.placement.Group;
import dev.tandem.topology.placement.Member;
import dev.tandem.topology.placement.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a pod is where it is and what would have to change for a better place. Decisions leave
 * only a few references in the {@link Journal}; the rest is worked out here when somebody asks, on
 * a copy of the picture, for one asker at a time. Safe for many threads.
 */
public final class Explainer {
  private final ClusterPicture picture;
  private final Decider decider;
  private final Journal journal;
  private final ReentrantLock one = new ReentrantLock();

  public Explainer(ClusterPicture picture, Decider decider, Journal journal) {
    this.picture = picture;
    this.decider = decider;
    this.journal = journal;
  }

  /** Explains {@code namespace/name}; takes up to about a second on thousands of nodes. */
  public Explanation explain(String key) {
    one.lock();
    try {
      List<Journal.Entry> decisions = journal.of(key);
      PodFacts pod = find(key);
      if (pod == null) {
        return forgotten(key, decisions);
      }
      if (pod.ask() == null) {
        return new Explanation(
            key, Explanation.State.PASSED_THROUGH, pod.node(), null, decisions, null, notOurs(key));
      }
      return today(pod, decisions);
    } finally {
      one.unlock();
    }
  }

  static Explanation.Place place(Choice choice) {
    return new Explanation.Place(
        choice.node(), choice.seconds(), choice.shared(), choice.comfortable(), choice.reason());
  }

  private @Nullable PodFacts find(String key) {
    int slash = key.indexOf('/');
    String namespace = key.substring(0, Math.max(0, slash));
    String name = key.substring(slash + 1);
    PodFacts found = null;
    for (PodFacts pod : picture.pods()) {
      boolean same = pod.name().equals(name) && pod.namespace().equals(namespace);
      if (same && (found == null || pod.createdMillis() >= found.createdMillis())) {
        found = pod;
      }
    }
    return found;
  }

  private Explanation forgotten(String key, List<Journal.Entry> decisions) {
    if (decisions.isEmpty()) {
      return new Explanation(
          key, Explanation.State.UNKNOWN, null, null, decisions, null, neverSeen(key));
    }
    Journal.Entry last = decisions.getFirst();
    if (last.pod().ask() == null) {
      return new Explanation(
          key, Explanation.State.PASSED_THROUGH, null, null, decisions, null, notOurs(key));
    }
    return new Explanation(
        key,
        Explanation.State.GONE,
        null,
        asked(last.pod(), null),
        decisions,
        null,
        List.of("The pod is not in the cluster now, as far as the watch shows."));
  }

  private Explanation today(PodFacts pod, List<Journal.Entry> decisions) {
    Hypothesis hypothesis = new Hypothesis(picture, decider, pod);
    Map<String, Integer> free = hypothesis.free();
    boolean tainted =
        hypothesis.nodes().stream()
            .anyMatch(node -> node.tainted() && node.facts().name().equals(pod.node()));
    Eligible eligible = Eligible.of(hypothesis, free, tainted);
    Hypothesis.Outcome outcome = hypothesis.ask(eligible.names());
    Choice best = outcome.best();
    Group group = group(hypothesis);
    PlaceClasses classes = new PlaceClasses(hypothesis, eligible.nodes(), free, best);
    BetterPlaces better = new BetterPlaces(hypothesis, free, eligible, group, best);
    boolean open = group.name() == null || outcome.indifferent();
    List<Explanation.Change> changes = open ? List.of() : better.find();
    String node = pod.node();
    Choice here = node == null ? null : hypothesis.ask(List.of(node)).best();
    String reason =
        eligible.nodes().isEmpty()
            ? "no node has " + pod.gpus() + " GPUs free and takes this pod"
            : outcome.reason();
    return new Explanation(
        pod.key(),
        state(pod, decisions),
        node,
        asked(pod, group),
        decisions,
        new Explanation.Today(
            best == null ? null : place(best),
            here == null ? null : place(here),
            reason,
            classes.priced(),
            classes.unpriced(),
            classes.unpricedNodes(),
            eligible.out(),
            plan(hypothesis, group, best),
            changes,
            changes.isEmpty() ? settled(group, outcome, better.tooSmall()) : null),
        next(pod, decisions, outcome));
  }

  private static Explanation.State state(PodFacts pod, List<Journal.Entry> decisions) {
    if (pod.node() != null) {
      return Explanation.State.BOUND;
    }
    return !decisions.isEmpty() && decisions.getFirst().outcome().equals("refused")
        ? Explanation.State.REFUSED
        : Explanation.State.WAITING;
  }

  private Group group(Hypothesis hypothesis) {
    PodFacts pod = hypothesis.pod();
    String key = pod.groupKey();
    if (key == null) {
      return Group.alone(Groups.member(pod));
    }
    Map<String, PodFacts> members = new HashMap<>();
    Map<String, String> nodes = new HashMap<>();
    GroupPods known = hypothesis.group(key);
    if (known != null) {
      known.members().forEach(member -> members.put(member.uid(), member));
    }
    for (Expected e : hypothesis.expected()) {
      if (key.equals(e.pod().groupKey())) {
        members.putIfAbsent(e.pod().uid(), e.pod());
        nodes.put(e.pod().uid(), e.node());
      }
    }
    members.put(pod.uid(), pod);
    members
        .values()
        .forEach(member -> {
          String node = member.node();
          if (node != null) {
            nodes.put(member.uid(), node);
          }
        });
    return new Groups(key, List.copyOf(members.values()), nodes, true).group(pod.gpus());
  }

  private static Explanation.@Nullable Asked asked(PodFacts pod, @Nullable Group group) {
    PodFacts.Ask ask = pod.ask();
    if (ask == null) {
      return null;
    }
    return new Explanation.Asked(
        ask.role(),
        ask.group(),
        ask.groupSize() == null ? null : ask.groupSize().toString(),
        ask.model(),
        pod.gpus(),
        ask.required(),
        pod.nodeSelector(),
        group == null || group.size() < 2 ? 0 : group.transfer().bytes(),
        Groups.REFERENCE_PROMPT_TOKENS,
        ask.problem());
  }

  private static List<Explanation.Planned> plan(
      Hypothesis hypothesis, Group group, @Nullable Choice best) {
    Map<String, PodFacts> pods = new HashMap<>();
    hypothesis.pods().forEach(pod -> pods.put(pod.uid(), pod));
    hypothesis.expected().forEach(e -> pods.putIfAbsent(e.pod().uid(), e.pod()));
    List<Explanation.Planned> plan = new ArrayList<>();
    for (Placed placed : group.placed()) {
      PodFacts pod = pods.get(placed.member().id());
      boolean bound = pod != null && pod.node() != null;
      plan.add(planned(pods, placed.member(), placed.node(), bound ? "bound" : "expected"));
    }
    for (Member member : group.missing()) {
      if (!member.id().equals(hypothesis.pod().uid())) {
        String node = best == null ? null : best.plan().get(member.id());
        plan.add(planned(pods, member, node, "planned"));
      }
    }
    return plan;
  }

  private static Explanation.Planned planned(
      Map<String, PodFacts> pods, Member member, @Nullable String node, String state) {
    PodFacts pod = pods.get(member.id());
    String name =
        pod == null
            ? member.id().substring(member.id().indexOf('#') + 1) + " (not created yet)"
            : pod.name();
    return new Explanation.Planned(name, member.role(), member.gpus(), node, state);
  }

  private static String settled(
      Group group, Hypothesis.Outcome outcome, @Nullable String tooSmall) {
    if (outcome.indifferent()) {
      return outcome.reason();
    }
    Choice best = outcome.best();
    if (group.name() == null) {
      return "it exchanges KV cache with nobody, so that no place is nearer than another";
    }
    if (best != null && best.seconds() == 0) {
      return "no pair of the group exchanges KV cache yet";
    }
    if (tooSmall != null) {
      return tooSmall;
    }
    return best == null
        ? "nothing that we could try out makes room"
        : "no nearer place can be made: this is the least this group's transfer can take";
  }

  private static List<String> next(
      PodFacts pod, List<Journal.Entry> decisions, Hypothesis.Outcome outcome) {
    List<String> next = new ArrayList<>();
    if (decisions.isEmpty() && pod.node() != null) {
      next.add(
          "It was not placed by this extender, or before it started: what is below is today's"
              + " reckoning.");
    } else if (decisions.isEmpty()) {
      next.add(
          "No scheduler has asked about it yet. Is its schedulerName ours? kubectl get pod -n "
              + pod.namespace()
              + " "
              + pod.name()
              + " -o jsonpath='{.spec.schedulerName}'");
      next.add("Is it gated, or is the scheduler down? kubectl describe pod tells.");
    } else if (pod.node() == null && outcome.best() == null && !outcome.indifferent()) {
      next.add(
          pod.ask() != null && pod.ask().required() != null
              ? "Make room as told under what would have to change, or set "
                  + Keys.TOPOLOGY
                  + "=preferred on the pod to take the nearest place there is."
              : "Free GPUs, or add nodes.");
    }
    return next;
  }

  private static List<String> notOurs(String key) {
    return List.of(
        "It carries none of our annotations, so that any place is as good as another to us.",
        "To have it placed, set "
            + Keys.ROLE
            + " and "
            + Keys.GROUP
            + " on the pod template of "
            + key
            + ", or label it "
            + Keys.INJECT
            + "=true.");
  }

  private static List<String> neverSeen(String key) {
    int slash = key.indexOf('/');
    String get =
        "kubectl get pod -n "
            + key.substring(0, Math.max(0, slash))
            + " "
            + key.substring(slash + 1);
    return List.of(
        "Does it exist? " + get,
        "Is it scheduled by us? " + get + " -o jsonpath='{.spec.schedulerName}' should say tandem.",
        "Does it carry "
            + Keys.ROLE
            + " and "
            + Keys.GROUP
            + "? Pods without GPUs and annotations are not watched.",
        "Was it decided long ago? The last decisions of " + Journal.PODS + " pods are kept.",
        "Are there several extenders? Each knows its own decisions; another replica may have made it.");
  }
}
