package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.io.IOException;

/** Calls of one connection to an extender that nobody has asked anything yet. */
final class SingleCalls {
  private static final int WARMING = 400;
  private static final int CALLS = 1_000;
  private static final int CHANGES = 20;

  private final RealControlPlane plane;
  private final ExtenderCalls calls;
  private final int nodes;

  SingleCalls(RealControlPlane plane, ExtenderCalls calls, int nodes) {
    this.plane = plane;
    this.calls = calls;
    this.nodes = nodes;
  }

  SchedulingSize.Single measure() throws IOException, InterruptedException {
    calls.call("filter", calls.body(0));
    double first = calls.totalMillis("filter");
    SchedulingSize.Latency filter = warm("filter");
    SchedulingSize.Latency prioritize = warm("prioritize");
    return new SchedulingSize.Single(first, filter, prioritize, afterLabelChange());
  }

  private SchedulingSize.Latency warm(String verb) throws IOException, InterruptedException {
    for (int i = 0; i < WARMING; i++) {
      calls.call(verb, calls.body(i));
    }
    ServerHistogram before = calls.histogram(verb);
    for (int i = 0; i < CALLS; i++) {
      calls.call(verb, calls.body(i));
    }
    return SchedulingSize.Latency.of(calls.histogram(verb).since(before));
  }

  /** Calls go on while the change comes by the watch, so that one of them meets it. */
  private double afterLabelChange() throws IOException, InterruptedException {
    long longest = 0;
    for (int change = 0; change < CHANGES; change++) {
      label(change % 2 == 0 ? "moved" : "leaf-0");
      for (int i = 0; i < 10; i++) {
        longest = Math.max(longest, calls.call("filter", calls.body(change * 10 + i)));
      }
    }
    return longest / 1e6;
  }

  private void label(String leaf) {
    plane
        .client()
        .nodes()
        .withName(ExtenderCalls.node(0))
        .edit(node ->
            new NodeBuilder(node)
                .editMetadata()
                .addToLabels("fabric.topograph.run/tier-0", leaf)
                .endMetadata()
                .build());
  }
}
