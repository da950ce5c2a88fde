package dev.tandem.extender.watch;

import dev.tandem.edge.watch.FirstAnswer;
import dev.tandem.edge.watch.FirstList;
import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URL;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what it feeds like the cluster: two informers, on nodes and on pods of all namespaces.
 * Their threads call the feed, which must be safe for many.
 */
public final class ClusterWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);

  /** Objects of the first lists that are in memory whole at one time. */
  private static final long PAGE = 500;

  private final KubernetesFacts facts;
  private final ClusterFeed feed;
  private final Consumer<String> settled;
  private final FirstList firstNodes = new FirstList();
  private final FirstList firstPods = new FirstList();
  private final SharedIndexInformer<Node> nodes;
  private final SharedIndexInformer<Pod> pods;
  private final FirstAnswer firstAnswer;

  /** Held from reading a node to feeding it, so that what is known changes between two nodes. */
  private final ReentrantLock reading = new ReentrantLock();

  private KnownTopology known;

  /**
   * Starts watching; returns at once, {@link #synced} tells when the first lists are in.
   *
   * @param known what configuration says, and how labels are read beside it
   * @param resources what counts GPUs
   * @param settled told the UID of each pod that has a node, has finished or is gone
   */
  public ClusterWatch(
      KubernetesClient client,
      ClusterFeed feed,
      KnownTopology known,
      GpuResources resources,
      Consumer<String> settled) {
    this.facts = new KubernetesFacts(resources);
    this.feed = feed;
    this.settled = settled;
    this.known = known;
    this.nodes = client.nodes().withLimit(PAGE).runnableInformer(0).itemStore(LeanObjects.nodes());
    this.pods =
        client
            .pods()
            .inAnyNamespace()
            .withLimit(PAGE)
            .runnableInformer(0)
            .itemStore(LeanObjects.pods());
    nodes.addEventHandler(new Nodes());
    pods.addEventHandler(new Pods());
    URL server = client.getMasterUrl();
    nodes.exceptionHandler((started, problem) -> tryAgain("nodes", server, problem));
    pods.exceptionHandler((started, problem) -> tryAgain("pods", server, problem));
    nodes.start();
    pods.start();
    firstAnswer = new FirstAnswer(server, () -> nodes.hasSynced() || pods.hasSynced(), log::warn);
  }

  /** For ever: an API server comes back. */
  private static boolean tryAgain(String kind, URL server, Throwable problem) {
    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
    log.warn("cannot watch {} of {}: {}; trying again", kind, server, cause.toString());
    return true;
  }

  /** Whether the first list of nodes is in the feed. */
  public boolean nodesSynced() {
    return nodes.hasSynced() && firstNodes.covers(nodes.getStore()::list, KubernetesFacts::name);
  }

  /** Whether the first list of pods is in the feed. */
  public boolean podsSynced() {
    return pods.hasSynced() && firstPods.covers(pods.getStore()::list, KubernetesFacts::uid);
  }

  /** Whether both watches are connected now. */
  public boolean watching() {
    return nodes.isWatching() && pods.isWatching();
  }

  /** Reads every node anew, by what configuration says now. Any thread; blocks while it reads. */
  public void learn(KnownTopology other) {
    locked(() -> known = other);
    for (Node node : nodes.getStore().list()) {
      locked(() -> {
        // A node that went meanwhile must not come back: its removal is told after this.
        Node now = nodes.getStore().get(node);
        if (now != null) {
          feed.node(facts.node(now, known));
        }
      });
    }
  }

  private void locked(Runnable change) {
    reading.lock();
    try {
      change.run();
    } finally {
      reading.unlock();
    }
  }

  /** Stops both informers. */
  @Override
  public void close() {
    firstAnswer.close();
    nodes.close();
    pods.close();
  }

  private final class Nodes implements ResourceEventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      try {
        locked(() -> feed.node(facts.node(node, known)));
      } finally {
        firstNodes.handled(KubernetesFacts.name(node));
      }
    }

    @Override
    public void onUpdate(Node before, Node now) {
      onAdd(now);
    }

    @Override
    public void onDelete(Node node, boolean stateUnknown) {
      locked(() -> feed.nodeGone(node.getMetadata().getName()));
    }
  }

  private final class Pods implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      try {
        learn(facts.pod(pod));
      } finally {
        firstPods.handled(KubernetesFacts.uid(pod));
      }
    }

    private void learn(PodFacts now) {
      feed.pod(now);
      if (now.node() != null || !now.holdsGpus()) {
        settled.accept(now.uid());
      }
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      onAdd(now);
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {
      String uid = KubernetesFacts.uid(pod);
      feed.podGone(uid);
      settled.accept(uid);
    }
  }
}
