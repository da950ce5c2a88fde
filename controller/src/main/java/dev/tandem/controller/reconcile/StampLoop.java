package dev.tandem.controller.reconcile;

import dev.tandem.api.LocalityPath;
import dev.tandem.controller.desired.BoundPod;
import dev.tandem.controller.desired.DesiredStamp;
import dev.tandem.edge.watch.NodeLocalities;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives pods that opted in the stamp they lack, wherever and by whomever they were bound: the
 * webhook was away, another scheduler bound them in a namespace of its own, they were created with
 * a node, their node has moved.
 *
 * <p>Every event is only a hint to look at a pod again. What is written is decided from the store
 * when its turn comes; one thread writes, and only while it leads. In a steady state it writes
 * nothing.
 */
public final class StampLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StampLoop.class);

  /** Pods that may wait to be stamped; a look at everything follows where there were more. */
  static final int MOST_WAITING = 10_000;

  /** However rarely a hint is lost, this is how long it takes at most. */
  private static final Duration LOOK_AT_ALL = Duration.ofMinutes(10);

  /** How long a change of leadership or of a namespace can go unnoticed. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final NodeLocalities localities;
  private final PodStore pods;
  private final PodStamp stamp;
  private final BooleanSupplier leading;
  private final StampMetrics metrics;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Backoff backoff;
  private final WorkQueue<PodKey> queue;
  private final int mostWaiting;
  private final Thread worker;

  private volatile boolean lookAtAll = true;
  private boolean led; // of the worker
  private Instant lookedAtAll = Instant.MIN; // of the worker

  /**
   * Starts to watch and to work; returns at once.
   *
   * @param known what configuration says of nodes
   * @param excluded namespaces whose pods are never touched
   * @param leading whether this replica may write
   */
  public StampLoop(
      KubernetesClient client,
      KnownTopology known,
      Set<String> excluded,
      BooleanSupplier leading,
      StampMetrics metrics,
      InstantSource clock,
      RandomGenerator random) {
    this(client, known, excluded, leading, metrics, clock, random, Backoff.STANDARD, MOST_WAITING);
  }

  StampLoop(
      KubernetesClient client,
      KnownTopology known,
      Set<String> excluded,
      BooleanSupplier leading,
      StampMetrics metrics,
      InstantSource clock,
      RandomGenerator random,
      Backoff backoff,
      int mostWaiting) {
    this.leading = leading;
    this.metrics = metrics;
    this.clock = clock;
    this.random = random;
    this.backoff = backoff;
    this.mostWaiting = mostWaiting;
    this.stamp = new PodStamp(client);
    this.queue = new WorkQueue<>(mostWaiting, clock);
    this.localities = NodeLocalities.watch(client, known, node -> lookAtAll = true);
    this.pods = new PodStore(client, excluded, this::hint, () -> lookAtAll = true);
    metrics.waiting(queue::size);
    pods.start(); // it hints at once, and a hint looks at all of the above
    this.worker = Thread.ofPlatform().daemon().name("stamps").start(this::work);
  }

  /** Why nothing can be decided yet; null once nodes, pods and namespaces are known. */
  public @Nullable String notReady() {
    if (!localities.synced()) {
      return "nodes are still being listed";
    }
    return pods.synced() ? null : "pods and namespaces are still being listed";
  }

  /** Whether the thread that writes is there. */
  public boolean alive() {
    return worker.isAlive();
  }

  /** Reads every node anew, by what configuration says now. */
  public void learn(KnownTopology known) {
    localities.learn(known);
  }

  @Override
  public void close() {
    worker.interrupt();
    pods.close();
    localities.close();
  }

  /** Queues a pod if there is something to write; the informers' threads come here. */
  private void hint(BoundPod pod) {
    if (leading.getAsBoolean() && desired(pod) instanceof DesiredStamp.Write) {
      queue(pod);
    }
  }

  private void queue(BoundPod pod) {
    if (!queue.add(new PodKey(pod.namespace(), pod.name()))) {
      lookAtAll = true;
    }
  }

  private DesiredStamp desired(BoundPod pod) {
    return DesiredStamp.of(pod, pods, localities);
  }

  private void work() {
    try {
      while (true) {
        WorkQueue.Item<PodKey> item = mayWork() ? next() : null;
        if (item == null) {
          queue.await(PATIENCE);
        } else {
          reconcile(item);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A new leader looks at everything: what happened before is not in its queue. */
  private boolean mayWork() {
    boolean may = leading.getAsBoolean() && notReady() == null;
    if (may && !led) {
      lookAtAll = true;
    }
    led = may;
    return may;
  }

  private WorkQueue.@Nullable Item<PodKey> next() {
    boolean overdue = lookedAtAll.plus(LOOK_AT_ALL).isBefore(clock.instant());
    // Not while much waits: what did not fit would not fit again.
    if ((lookAtAll || overdue) && queue.size() <= mostWaiting / 2) {
      lookAtAll = false;
      lookedAtAll = clock.instant();
      lookAtAll();
    }
    return queue.poll();
  }

  private void lookAtAll() {
    long unknown =
        pods.all()
            .filter(pod ->
                switch (desired(pod)) {
                  case DesiredStamp.AsItIs _ -> false;
                  case DesiredStamp.NodeUnknown _ -> true;
                  case DesiredStamp.Write _ -> {
                    queue(pod);
                    yield false;
                  }
                })
            .count();
    metrics.looked(unknown);
  }

  private void reconcile(WorkQueue.Item<PodKey> item) {
    BoundPod pod = pods.get(item.key());
    if (pod != null
        && desired(pod) instanceof DesiredStamp.Write(LocalityPath path, boolean other)) {
      try {
        if (stamp.write(pod, path)) {
          metrics.stamped(other);
          log.info("stamped pod {} of node {}: {}", item.key(), pod.node(), path);
        }
      } catch (KubernetesClientException e) {
        failed(item, e);
      }
    }
  }

  private void failed(WorkQueue.Item<PodKey> item, KubernetesClientException problem) {
    metrics.failed();
    int failures = item.attempts() + 1;
    if (failures >= backoff.attempts()) {
      log.error(
          "pod {} gets no locality after {} attempts: {}; it is tried again within {} min",
          item.key(),
          failures,
          problem.getMessage(),
          LOOK_AT_ALL.toMinutes());
      return;
    }
    Duration delay = backoff.after(failures, random);
    log.warn(
        "pod {} gets no locality yet: {}; again in {} ms",
        item.key(),
        problem.getMessage(),
        delay.toMillis());
    if (!queue.retry(item.key(), failures, delay)) {
      lookAtAll = true;
    }
  }
}
