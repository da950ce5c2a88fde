package dev.tandem.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.edge.cluster.MockCluster;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      awaitPath(localities, "gpu-0", "leaf=l1@50/rdma,node=gpu-0@50/pcie");
      Files.writeString(file, "nodes: 7\n");
      Files.writeString(
          file,
          """
          level-keys: {leaf: [example.com/row]}
          links: {leaf: {bandwidth: 80, transport: rdma}}
          """);
      awaitPath(localities, "gpu-0", "leaf=row-7@80/rdma,node=gpu-0@50/pcie");
    }
  }

  @Test
  void aBadFileAtTheStartIsRefusedWithItsName() throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "nodes: 7\n");
    assertThatThrownBy(() -> new FollowedTopology(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t.yaml: ");
  }

  @Test
  void aConfigMapThatIsMountedLaterCountsFromThenOn() throws Exception {
    try (FollowedTopology topology = new FollowedTopology(folder);
        NodeLocalities localities = NodeLocalities.watch(client, topology.first())) {
      node("gpu-1");
      topology.follow(Duration.ofMillis(20), localities::learn);
      awaitPath(localities, "gpu-1", "node=gpu-1@50/pcie");
      mount("nodes: [{names: gpu-1, leaf: l1}]\n");
      awaitPath(localities, "gpu-1", "leaf=l1@50/rdma,node=gpu-1@50/pcie");
    }
  }

  @Test
  void aBadConfigMapKeepsNobodyFromStartingAndCountsOnceItIsRight() throws Exception {
    mount("nodes: 7\n");
    try (FollowedTopology topology = new FollowedTopology(folder);
        NodeLocalities localities = NodeLocalities.watch(client, topology.first())) {
      node("gpu-2");
      topology.follow(Duration.ofMillis(20), localities::learn);
      awaitPath(localities, "gpu-2", "node=gpu-2@50/pcie");
      mount("nodes: [{names: gpu-2, leaf: l2}]\n");
      awaitPath(localities, "gpu-2", "leaf=l2@50/rdma,node=gpu-2@50/pcie");
    }
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new FollowedTopology(folder.resolve("absent.yaml")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("absent.yaml");
  }

  private static void node(String name) {
    client
        .nodes()
        .resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  /** As the kubelet does: a new folder of files, and a link that is swapped over to it. */
  private void mount(String text) throws IOException {
    Path version = Files.createTempDirectory(folder, "..version");
    Files.writeString(version.resolve("topology.yaml"), text);
    Path link = Files.createSymbolicLink(folder.resolve("..next"), version.getFileName());
    Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    Path key = folder.resolve("topology.yaml");
    if (Files.notExists(key)) {
      Files.createSymbolicLink(key, Path.of("..data", "topology.yaml"));
    }
  }

  /** Waits, at most a minute. */
  private static void awaitPath(NodeLocalities localities, String node, String path) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(String.valueOf(localities.apply(node))).isEqualTo(path));
  }
}
