package dev.tandem.cli.bench;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Pods that this driver posts and binds itself: nothing else runs that would take its share of the
 * processors, so whatever admission costs shows most.
 */
final class PostedPods implements PodArrival {

  private final ApiServerCalls calls;
  private final String path;
  private final String node;

  PostedPods(ApiServerCalls calls, String namespace, String node) {
    this.calls = calls;
    path = "/api/v1/namespaces/" + namespace + "/pods";
    this.node = node;
  }

  @Override
  public void arrive(int pods, UnaryOperator<String> pod) {
    calls.forEach(
        pods,
        number -> {
          String name = "p" + number;
          return List.of(calls.post(path, pod.apply(name)), bind(name));
        });
  }

  private byte[] bind(String name) {
    return calls.post(
        path + "/" + name + "/binding",
        """
        {"apiVersion":"v1","kind":"Binding","metadata":{"name":"%s"},"target":{"apiVersion":"v1","kind":"Node","name":"%s"}}\
        """
            .formatted(name, node));
  }

  @Override
  public void end() {
    // Nobody makes them again.
  }
}
