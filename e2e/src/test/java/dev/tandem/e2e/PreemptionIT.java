package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four nodes, all taken, and a pod of higher priority than any on them. */
final class PreemptionIT {
  private static final Map<String, Integer> PRIORITIES =
      Map.of("least", 100, "middle", 200, "most", 1_000);

  @Test
  void thePodThatHasToGoIsOneWhoseEndBreaksNoPair() {
    try (SchedulingCluster cluster = SchedulingCluster.start("-nodes=4", "-nvlink-domain=2")) {
      PRIORITIES.forEach((name, value) ->
          cluster
              .client()
              .resource(
                  new PriorityClassBuilder()
                      .withNewMetadata()
                      .withName(name)
                      .endMetadata()
                      .withValue(value)
                      .build())
              .create());
      Workspace workspace = Workspace.create(cluster.client(), "preemption", Map.of());
      GroupPods pods = new GroupPods(workspace, cluster.client(), 8);
      String size = "prefill=1,decode=1";
      // By its own rules kube-scheduler would take one of the pair, which has the least priority.
      List<Pod> pair =
          List.of(
              of("least", pods.pod("pair", size, "prefill", "prefill")),
              of("least", pods.pod("pair", size, "decode", "decode")));
      pair.forEach(workspace::create);
      pair.forEach(pod -> workspace.bound(pod.getMetadata().getName()));
      for (String name : List.of("single-0", "single-1")) {
        workspace.create(of("middle", single(pods, name)));
        workspace.bound(name);
      }

      workspace.create(of("most", single(pods, "urgent")));

      assertThat(workspace.bound("urgent").getSpec().getNodeName()).startsWith("gpu-");
      assertThat(cluster.client().pods().inNamespace("preemption").list().getItems())
          .extracting(pod -> pod.getMetadata().getName())
          .contains("prefill", "decode", "urgent")
          .hasSize(4);
      assertThat(GroupPods.overbooked(cluster.client())).isEmpty();
    }
  }

  /** A pod that serves alone. */
  private static PodBuilder single(GroupPods pods, String name) {
    return pods.pod(name, "both=1", "both", name)
        .editMetadata()
        .withAnnotations(Map.of())
        .endMetadata();
  }

  private static Pod of(String priority, PodBuilder pod) {
    // No kubelet confirms the end of a pod here.
    return pod.editSpec()
        .withPriorityClassName(priority)
        .withTerminationGracePeriodSeconds(0L)
        .endSpec()
        .build();
  }
}
