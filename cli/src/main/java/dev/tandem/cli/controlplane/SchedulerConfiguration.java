package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How kube-scheduler is told about an extender. The defaults are those of {@code manifests/base},
 * where each is argued.
 *
 * @param schedulerName pods with this name in their spec are scheduled
 * @param extender its base URL; {@code /filter}, {@code /prioritize} and {@code /preempt} are
 *     called
 * @param ignorable whether pods are scheduled without the extender when it fails or does not answer
 * @param httpTimeout the longest wait for one answer
 * @param managedResources the extender is asked only about pods that want one of these; empty:
 *     about every pod
 */
public record SchedulerConfiguration(
    String schedulerName,
    URI extender,
    boolean ignorable,
    Duration httpTimeout,
    List<String> managedResources) {
  /**
   * The in-tree scores add up to about 1,400; one of our ten steps counts 10 x weight and must
   * outrank them.
   */
  private static final int WEIGHT = 150;

  /** Its default of 50 a second would be all that pods wait for. */
  private static final int REQUESTS_A_SECOND = 1_000;

  public SchedulerConfiguration {
    managedResources = List.copyOf(managedResources);
    if (httpTimeout.isNegative() || httpTimeout.isZero()) {
      throw new IllegalArgumentException(
          "httpTimeout is " + httpTimeout + "; it must be above zero");
    }
  }

  /** The configuration of {@code manifests/base} for an extender at {@code extender}. */
  public static SchedulerConfiguration of(URI extender) {
    return new SchedulerConfiguration("tandem", extender, false, Duration.ofSeconds(1), List.of());
  }

  /** The {@code KubeSchedulerConfiguration} that says this. */
  public ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "kubescheduler.config.k8s.io/v1");
    root.put("kind", "KubeSchedulerConfiguration");
    root.putObject("leaderElection").put("leaderElect", false);
    root.putObject("clientConnection")
        .put("qps", REQUESTS_A_SECOND)
        .put("burst", REQUESTS_A_SECOND);
    root.put("percentageOfNodesToScore", 100);
    root.putArray("profiles").addObject().put("schedulerName", schedulerName);
    ObjectNode entry = root.putArray("extenders").addObject();
    entry.put("urlPrefix", extender.toString());
    entry.put("filterVerb", "filter");
    entry.put("prioritizeVerb", "prioritize");
    entry.put("preemptVerb", "preempt");
    entry.put("weight", WEIGHT);
    entry.put("nodeCacheCapable", true);
    entry.put("ignorable", ignorable);
    // PT1M0.5S is 1m0.5s to Go.
    String timeout = httpTimeout.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    entry.put("httpTimeout", timeout);
    if (!managedResources.isEmpty()) {
      var resources = entry.putArray("managedResources");
      managedResources.forEach(name -> resources.addObject().put("name", name));
    }
    return root;
  }

  /**
   * {@code configuration} with its API server and its extender moved to where they are on this
   * machine.
   */
  static ObjectNode located(JsonNode configuration, String kubeconfig) {
    ObjectNode located = configuration.deepCopy();
    located.withObject("/clientConnection").put("kubeconfig", kubeconfig);
    located.putObject("leaderElection").put("leaderElect", false);
    return located;
  }
}
