package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;

/**
 * A Kubernetes control plane for a local run: an API server with its admission, the controllers
 * that turn Deployments into pods, and two schedulers, {@code default-scheduler} and one that asks
 * our extender. It has no kubelet; {@link dev.tandem.cli.kubelet.Kubelet} plays that part.
 *
 * <p>Pods wait until {@link #startSchedulers} was called, because the extender can only start once
 * there is an API server to watch.
 */
public interface ControlPlane extends AutoCloseable {

  /** A client with every right; it lives as long as the control plane. */
  KubernetesClient client();

  /** A kubeconfig file of an administrator, usable by other processes until {@link #close}. */
  Path kubeconfig();

  /**
   * Starts {@code default-scheduler} without and {@code tandem} with the extender.
   *
   * @param extender base URL of the extender; {@code /filter} and {@code /prioritize} are below it
   */
  void startSchedulers(URI extender);

  /** Stops everything this control plane started and removes its files. */
  @Override
  void close();
}
