package dev.tandem.cli.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeRoomTest {

  @Test
  void gpusThatAreTakenCannotBeTakenAgain() {
    NodeRoom room = new NodeRoom(node());
    room.take(pod(6, "1"));

    assertThat(room.obstacles(pod(2, "1"))).isEmpty();
    assertThat(room.obstacles(pod(4, "1"))).containsExactly("Insufficient nvidia.com/gpu");
  }

  @Test
  void aNodeThatIsCordonedTakesNothing() {
    NodeRoom room =
        new NodeRoom(
            new NodeBuilder(node()).withNewSpec().withUnschedulable(true).endSpec().build());

    assertThat(room.obstacles(pod(1, "1"))).containsExactly("node(s) were unschedulable");
  }

  @Test
  void aNodeSelectorMustMatch() {
    Pod pod = pod(1, "1");
    pod.getSpec().setNodeSelector(Map.of("pool", "other"));

    assertThat(new NodeRoom(node()).obstacles(pod))
        .containsExactly("node(s) didn't match Pod's node affinity/selector");
  }

  @Test
  void theEmptierNodeScoresHigher() {
    NodeRoom empty = new NodeRoom(node());
    NodeRoom half = new NodeRoom(node());
    half.take(pod(4, "32"));

    // 64 cores, no memory asked: (100 x 63/64 + 100) / 2 and (100 x 31/64 + 100) / 2, rounded down.
    assertThat(empty.leastAllocated(pod(1, "1"))).isEqualTo(99);
    assertThat(half.leastAllocated(pod(1, "1"))).isEqualTo(74);
  }

  @Test
  void aNativeSidecarCountsWithTheContainersAndAnInitContainerBeside() {
    NodeRoom room = new NodeRoom(node());
    Pod pod = pod(1, "40");
    pod.getSpec()
        .getInitContainers()
        .add(
            new ContainerBuilder()
                .withName("sidecar")
                .withRestartPolicy("Always")
                .withNewResources()
                .addToRequests("cpu", new Quantity("20"))
                .endResources()
                .build());
    pod.getSpec()
        .getInitContainers()
        .add(
            new ContainerBuilder()
                .withName("init")
                .withNewResources()
                .addToRequests("cpu", new Quantity("50"))
                .endResources()
                .build());

    assertThat(room.obstacles(pod)).isEmpty();
    room.take(pod);
    assertThat(room.obstacles(pod(1, "5"))).containsExactly("Insufficient cpu");
  }

  private static Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("n")
        .addToLabels("pool", "gpu")
        .endMetadata()
        .withNewStatus()
        .addToAllocatable("cpu", new Quantity("64"))
        .addToAllocatable("memory", new Quantity("512Gi"))
        .addToAllocatable("nvidia.com/gpu", new Quantity("8"))
        .endStatus()
        .build();
  }

  private static Pod pod(int gpus, String cpu) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .withNewResources()
        .addToLimits("nvidia.com/gpu", new Quantity(Integer.toString(gpus)))
        .addToRequests("cpu", new Quantity(cpu))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
