package dev.tandem.edge.watch;

import dev.tandem.api.LocalityPath;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where each node is, kept up by watching Nodes. A path depends on its own node and on the link
 * speeds only, so a change costs one node's work and a bind only looks its node up. Any thread.
 *
 * <p>A node a topology file describes is taken as the file says, whatever its labels say.
 */
public final class NodeLocalities
    implements Function<String, @Nullable LocalityPath>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NodeLocalities.class);
  private static final String GPU = "nvidia.com/gpu";

  private final ReentrantLock learning = new ReentrantLock();
  private volatile KnownTopology known;
  private final Map<String, LocalityPath> paths = new ConcurrentHashMap<>();
  private final FirstList first = new FirstList();
  private final SharedIndexInformer<Node> informer;
  private final Consumer<String> changed;

  private NodeLocalities(KubernetesClient client, KnownTopology known, Consumer<String> changed) {
    this.known = known;
    this.changed = changed;
    this.informer =
        client.nodes().runnableInformer(0).itemStore(new LeanStore<>(NodeLocalities::lean));
    informer.addEventHandler(new Changes());
    URL server = client.getMasterUrl();
    informer.exceptionHandler((started, problem) -> tryAgain(server, problem));
  }

  /** Starts to watch; returns at once. See {@link #synced}. */
  public static NodeLocalities watch(KubernetesClient client, KnownTopology known) {
    return watch(client, known, node -> {});
  }

  /**
   * The same.
   *
   * @param changed told the name of each node whose path is new or another than before, on any
   *     thread; must not block
   */
  public static NodeLocalities watch(
      KubernetesClient client, KnownTopology known, Consumer<String> changed) {
    NodeLocalities localities = new NodeLocalities(client, known, changed);
    localities.informer.start();
    return localities;
  }

  /** For ever, also before the first list: an API server comes back. */
  private static boolean tryAgain(URL server, Throwable problem) {
    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
    log.warn("cannot watch nodes of {}: {}; trying again", server, cause.toString());
    return true;
  }

  /** Whether every node that existed at the start is known. */
  public boolean synced() {
    return informer.hasSynced()
        && first.covers(informer.getStore()::list, node -> node.getMetadata().getName());
  }

  /** Reads every node anew, by what configuration says now. Any thread. */
  public void learn(KnownTopology other) {
    known = other;
    for (Node node : informer.getStore().list()) {
      learn(node);
      if (informer.getStore().get(node) == null) {
        paths.remove(node.getMetadata().getName()); // it went meanwhile
      }
    }
  }

  /** The node's path; null where the node is not known. Never blocks. */
  @Override
  public @Nullable LocalityPath apply(String node) {
    return paths.get(node);
  }

  @Override
  public void close() {
    informer.stop();
  }

  private void learn(Node node) {
    String name = node.getMetadata().getName();
    learning.lock(); // so that no node is left as it was known before
    try {
      KnownTopology now = known;
      NodeFacts facts = now.facts(name, labels(node), gpus(node));
      LocalityPath path = Interconnect.of(List.of(facts), now.speeds()).locality(name);
      if (!path.equals(paths.put(name, path))) {
        changed.accept(name);
      }
    } catch (IllegalArgumentException e) {
      paths.remove(name);
      log.warn("node {} gets no locality: {}", name, e.getMessage());
    } finally {
      learning.unlock();
    }
  }

  /** Labels and what can be allocated: an image list and managed fields are tens of kilobytes. */
  private static Node lean(Node node) {
    Node lean = new Node();
    ObjectMeta metadata = LeanStore.identity(node.getMetadata());
    metadata.setLabels(node.getMetadata().getLabels());
    lean.setMetadata(metadata);
    NodeStatus status = new NodeStatus();
    status.setAllocatable(node.getStatus() == null ? null : node.getStatus().getAllocatable());
    lean.setStatus(status);
    return lean;
  }

  private static Map<String, String> labels(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private static int gpus(Node node) {
    if (node.getStatus() == null || node.getStatus().getAllocatable() == null) {
      return 0;
    }
    Quantity gpus = node.getStatus().getAllocatable().get(GPU);
    return gpus == null ? 0 : Math.max(0, gpus.getNumericalAmount().intValue());
  }

  private final class Changes implements ResourceEventHandler<Node> {

    @Override
    public void onAdd(Node node) {
      learn(node);
      first.handled(node.getMetadata().getName());
    }

    @Override
    public void onUpdate(Node before, Node after) {
      if (!labels(before).equals(labels(after)) || gpus(before) != gpus(after)) {
        learn(after);
      }
    }

    @Override
    public void onDelete(Node node, boolean lastStateUnknown) {
      paths.remove(node.getMetadata().getName());
    }
  }
}
