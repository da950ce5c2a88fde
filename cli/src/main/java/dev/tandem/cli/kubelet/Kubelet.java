package dev.tandem.cli.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stand-in for the kubelet of every node: watches the pods bound to any node, gives each its own
 * loopback address, starts the router and the engine of its containers in this JVM, writes their
 * status and stops them when the pod is deleted. A pod without a vLLM container runs nothing and is
 * ready at once, so that ordinary pods can fill a node.
 *
 * <p>Events arrive on the informer's thread, which only hands them on; each pod has a virtual
 * thread of its own.
 */
public final class Kubelet implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Kubelet.class);

  private final KubernetesClient client;
  private final PodRuntime runtime;
  private final PodAddresses addresses = PodAddresses.take();
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> pods;
  private volatile boolean closed;

  private Kubelet(KubernetesClient client, PodRuntime runtime) {
    this.client = client;
    this.runtime = runtime;
    pods = client.pods().inAnyNamespace().inform(new Bound());
  }

  /**
   * Starts watching and running pods.
   *
   * @param kubeconfig what the routers find their peers with
   */
  public static Kubelet start(KubernetesClient client, Path kubeconfig, KubeletOptions options) {
    return start(client, new ServingRuntime(kubeconfig, options));
  }

  static Kubelet start(KubernetesClient client, PodRuntime runtime) {
    return new Kubelet(client, runtime);
  }

  /**
   * Stops every pod's processes and waits for them; the pod objects stay. A second call does
   * nothing.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    pods.close();
    workers.values().forEach(PodWorker::stop);
    try {
      for (PodWorker worker : workers.values()) {
        worker.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    runtime.close();
    addresses.close();
  }

  private void seen(Pod pod) {
    if (closed || pod.getSpec().getNodeName() == null) {
      return;
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      Thread.ofVirtual().start(() -> terminate(pod));
      return;
    }
    workers.computeIfAbsent(
        pod.getMetadata().getUid(),
        uid -> {
          String address =
              addresses.of(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
          PodWorker worker = new PodWorker(client, runtime, pod, address);
          worker.start();
          return worker;
        });
  }

  /** A real API server waits for the kubelet before it removes a pod. */
  private void terminate(Pod pod) {
    stop(pod);
    try {
      client.resource(pod).withGracePeriod(0).delete();
    } catch (KubernetesClientException e) {
      log.warn("cannot remove pod {}: {}", pod.getMetadata().getName(), e.getMessage());
    }
  }

  private void stop(Pod pod) {
    PodWorker worker = workers.remove(pod.getMetadata().getUid());
    if (worker != null) {
      worker.stop();
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      addresses.release(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }
  }

  private final class Bound implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      seen(now);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      Thread.ofVirtual().start(() -> stop(pod));
    }
  }
}
