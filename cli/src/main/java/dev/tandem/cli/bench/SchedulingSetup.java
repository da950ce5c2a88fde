package dev.tandem.cli.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.cli.controlplane.SchedulerConfiguration;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What stands beside kube-scheduler in a round. */
enum SchedulingSetup {
  /** Nothing. */
  NONE,
  /** An extender that cuts the list of nodes and does nothing else. */
  CUT,
  /** Ours, as the manifests configure it. */
  OURS;

  /** As scheduler_perf sets it: the default of 50 requests a second would be all one measures. */
  private static final int REQUESTS_A_SECOND = 5_000;

  ObjectNode configuration(URI extender) {
    ObjectNode root = SchedulerConfiguration.of(extender).toJson();
    unthrottle(root);
    ObjectNode entry = (ObjectNode) root.path("extenders").path(0);
    // A call that takes long on a busy machine is to be counted, not to be asked again.
    entry.put("httpTimeout", "30s");
    switch (this) {
      case NONE -> root.remove("extenders");
      case CUT -> entry.remove(List.of("prioritizeVerb", "weight", "preemptVerb"));
      case OURS -> {}
    }
    return root;
  }

  /** Lets a scheduler send as much as it can. */
  static void unthrottle(ObjectNode configuration) {
    configuration
        .putObject("clientConnection")
        .put("qps", REQUESTS_A_SECOND)
        .put("burst", REQUESTS_A_SECOND);
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
