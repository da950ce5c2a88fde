package dev.tandem.cli.kubelet;

import io.fabric8.kubernetes.api.model.Pod;

/** Starts what is inside a pod. */
interface PodRuntime extends AutoCloseable {

  /** A started pod; closing it stops its processes. */
  interface Running extends AutoCloseable {

    /** Why the pod cannot take requests yet; empty when it can. May block up to a second. */
    String obstacle() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * Starts the pod's processes.
   *
   * @param address the pod's own loopback address
   * @throws Exception when a process cannot be started; what was started is stopped again
   */
  Running start(Pod pod, String address) throws Exception;

  /** Frees what pods share; no pod runs any more. */
  @Override
  void close();
}
