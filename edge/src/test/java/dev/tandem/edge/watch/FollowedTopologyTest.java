package dev.tandem.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.edge.cluster.MockCluster;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedTopologyTest {

  @AutoClose private static final MockCluster cluster = new MockCluster();
  private static final KubernetesClient client = cluster.client();

  @TempDir private Path folder = Path.of("");

  @Test
  void aChangedFileChangesTheStampsAndABadOneDoesNot() throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "nodes: [{names: gpu-0, leaf: l1}]\n");
    try (FollowedTopology topology = new FollowedTopology(file);
        NodeLocalities localities = NodeLocalities.watch(client, topology.first())) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("gpu-0")
                  .addToLabels("example.com/row", "row-7")
                  .endMetadata()
                  .build())
          .create();
      topology.follow(Duration.ofMillis(20), localities::learn);
      awaitPath(localities, "leaf=l1@50/rdma,node=gpu-0@50/pcie");
      Files.writeString(file, "nodes: 7\n");
      Files.writeString(
          file,
          """
          level-keys: {leaf: [example.com/row]}
          links: {leaf: {bandwidth: 80, transport: rdma}}
          """);
      awaitPath(localities, "leaf=row-7@80/rdma,node=gpu-0@50/pcie");
    }
  }

  @Test
  void aBadFileAtTheStartIsRefusedWithItsName() throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "nodes: 7\n");
    assertThatThrownBy(() -> new FollowedTopology(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t.yaml: ");
  }

  /** Waits, at most a minute. */
  private static void awaitPath(NodeLocalities localities, String path) throws Exception {
    for (int i = 0; i < 3_000; i++) {
      if (path.equals(String.valueOf(localities.apply("gpu-0")))) {
        return;
      }
      Thread.sleep(20);
    }
    assertThat(localities.apply("gpu-0")).hasToString(path);
  }
}
