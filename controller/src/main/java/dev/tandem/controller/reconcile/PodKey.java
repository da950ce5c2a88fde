package dev.tandem.controller.reconcile;

/**
 * One pod.
 *
 * @param namespace of the pod
 * @param name of the pod
 */
record PodKey(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
