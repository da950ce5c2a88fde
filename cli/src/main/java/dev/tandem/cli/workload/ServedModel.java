package dev.tandem.cli.workload;

import java.util.List;

/**
 * A model as a client sees it: a name and the public addresses behind its Service.
 *
 * @param name the served model name
 * @param prefillPods how many of its pods prefill; its share of the requests follows from it
 * @param endpoints {@code host:port} of every pod of the Service
 */
public record ServedModel(String name, int prefillPods, List<Endpoint> endpoints) {

  /** Where one pod takes public requests. */
  public record Endpoint(String host, int port) {}

  public ServedModel {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("model " + name + " has no pod");
    }
    if (prefillPods < 1) {
      throw new IllegalArgumentException(
          "model " + name + " has " + prefillPods + " pods that prefill; accepted is 1 or more");
    }
  }
}
