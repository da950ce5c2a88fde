package dev.tandem.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.cli.controlplane.ControlPlaneBinaries;
import dev.tandem.cli.controlplane.ExtenderProcess;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.SchedulingLoad;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A control plane of its own with nodes of one shape, our extender in a process of its own, and a
 * kube-scheduler with the shipped configuration that asks it.
 */
final class SchedulingCluster implements AutoCloseable {
  private final RealControlPlane plane;
  private final SchedulingLoad load;
  private ExtenderProcess extender;
  private RealControlPlane.Scheduler scheduler;

  private SchedulingCluster(RealControlPlane plane, String... nodes) {
    this.plane = plane;
    load = new SchedulingLoad(plane);
    load.nodes(nodes);
    extender = ExtenderProcess.start(plane, List.of());
    scheduler = scheduler(extender.url());
  }

  /**
   * @param nodes flags of {@code scheduling-load nodes}
   */
  static SchedulingCluster start(String... nodes) {
    RealControlPlane plane =
        RealControlPlane.start(ControlPlaneBinaries.find(Project.root(), System.getenv()));
    try {
      return new SchedulingCluster(plane, nodes);
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  KubernetesClient client() {
    return plane.client();
  }

  /** Makes groups of pods in a namespace of their own, and deletes them when all are bound. */
  SchedulingLoad.Report place(String... flags) {
    return load.run(flags);
  }

  /** The same while the test goes on. */
  CompletableFuture<SchedulingLoad.Report> placing(String... flags) {
    // Not in the common pool: where it has one thread, the Kubernetes client waits for it.
    return CompletableFuture.supplyAsync(
        () -> load.run(flags), task -> Thread.ofPlatform().daemon().start(task));
  }

  /** Kills the extender and starts it anew where it was: it has forgotten what it expected. */
  void restartExtender() {
    int port = extender.port();
    extender.close();
    extender = ExtenderProcess.startAt(plane, port, List.of());
  }

  void restartScheduler() {
    askThrough(extender.url());
  }

  /** One more extender on the same cluster; the caller closes it. */
  ExtenderProcess secondExtender() {
    return ExtenderProcess.start(plane, List.of());
  }

  URI extenderUrl() {
    return extender.url();
  }

  /** Starts kube-scheduler anew with the extender at another address. */
  void askThrough(URI address) {
    scheduler.close();
    scheduler = scheduler(address);
  }

  private RealControlPlane.Scheduler scheduler(URI address) {
    JsonNode configuration =
        InstalledScheduler.configuration(new Manifests(plane), address.toString());
    return plane.startScheduler("tandem-scheduler", configuration, plane.kubeconfig());
  }

  @Override
  public void close() {
    plane.close();
  }
}
