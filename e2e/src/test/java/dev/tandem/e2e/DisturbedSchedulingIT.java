package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.ExtenderProcess;
import dev.tandem.cli.controlplane.SchedulingLoad;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 128 nodes in NVLink domains of 16, and things that go wrong while groups are being placed. */
final class DisturbedSchedulingIT {
  /** Four seconds of creations by 16 clients: their middle is met on a slow machine too. */
  private static final String[] SLOWLY = {"-groups=32", "-pause=500ms"};

  private static final int MIDDLE = 24;

  private static SchedulingCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SchedulingCluster.start("-nodes=128");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void groupsAreWholeAlthoughTheSchedulerIsRestartedInTheMiddle() {
    CompletableFuture<SchedulingLoad.Report> placing = placing("scheduler-restarted");
    awaitTheMiddle("scheduler-restarted", placing);

    cluster.restartScheduler();

    assertWhole(placing.join());
  }

  @Test
  void groupsAreWholeAlthoughTheExtenderIsKilledAndForgetsWhatItExpected() {
    CompletableFuture<SchedulingLoad.Report> placing = placing("extender-killed");
    awaitTheMiddle("extender-killed", placing);

    cluster.restartExtender();

    assertWhole(placing.join());
  }

  @Test
  void groupsAreWholeAlthoughAnotherReplicaTakesOverInTheMiddle() {
    try (ExtenderProcess second = cluster.secondExtender()) {
      CompletableFuture<SchedulingLoad.Report> placing = placing("taken-over");
      awaitTheMiddle("taken-over", placing);

      cluster.askThrough(second.url());

      assertWhole(placing.join());
    } finally {
      cluster.restartScheduler();
    }
  }

  /**
   * Not how the manifests install them: there each scheduler asks the extender beside it. A replica
   * learns what the other decided only when the watch shows the bind, so a few groups may be split.
   */
  @Test
  void twoReplicasThatAnswerInTurnPlaceEveryPodAndMostGroupsTogether() {
    try (ExtenderProcess second = cluster.secondExtender();
        InTurn both = InTurn.over(List.of(cluster.extenderUrl(), second.url()))) {
      cluster.askThrough(both.url());

      SchedulingLoad.Report found = cluster.place("-groups=24", "-namespace=two-replicas");

      assertThat(found.groupsComplete()).isEqualTo(24);
      assertThat(found.groupsInNvlinkDomain()).isGreaterThanOrEqualTo(12);
      assertThat(found.overbooked()).isEmpty();
      assertThat(both.asked()).allSatisfy(calls -> assertThat(calls).isPositive());
    } finally {
      cluster.restartScheduler();
    }
  }

  @Test
  void aGroupThatArrivesWhileAnotherIsHalfBoundLeavesItsPlacesAlone() {
    String size = "prefill=8,decode=8";
    try (Workspace workspace = Workspace.create(cluster.client(), "half-bound", Map.of())) {
      // Each group needs a whole domain.
      GroupPods pods = new GroupPods(workspace, cluster.client(), 8);
      List<String> firstHalf = pods.create("first", size, "prefill", 8);
      String domain = only(pods.domains(firstHalf));

      List<String> other = pods.create("second", size, "prefill", 8);
      other.addAll(pods.create("second", size, "decode", 8));
      String others = only(pods.domains(other));
      List<String> secondHalf = pods.create("first", size, "decode", 8);

      assertThat(others).isNotEqualTo(domain);
      assertThat(pods.domains(secondHalf)).containsExactly(domain);
      assertThat(GroupPods.overbooked(cluster.client())).isEmpty();
    }
  }

  @Test
  void thePodThatReplacesOneOfALostNodeLandsBesideItsPartners() {
    String size = "prefill=2,decode=2";
    try (Workspace workspace = Workspace.create(cluster.client(), "node-lost", Map.of())) {
      GroupPods pods = new GroupPods(workspace, cluster.client(), 8);
      List<String> left = pods.create("g", size, "prefill", 2);
      String lost = pods.create("g", size, "decode", 2).getFirst();
      String domain = only(pods.domains(left));
      Pod gone = workspace.bound(lost);

      cluster.client().nodes().withName(gone.getSpec().getNodeName()).delete();
      // As the collector of pods without a node does in its own time.
      cluster.client().resource(gone).withGracePeriod(0).delete();
      workspace.create(pods.pod("g", size, "decode", "replacement").build());

      assertThat(pods.domains(List.of("replacement"))).containsExactly(domain);
      assertThat(GroupPods.overbooked(cluster.client())).isEmpty();
    }
  }

  @Test
  void aPodThatCannotHaveWhatItRequiresSaysWhy() {
    String size = "prefill=16,decode=16";
    try (Workspace workspace = Workspace.create(cluster.client(), "required", Map.of())) {
      GroupPods pods = new GroupPods(workspace, cluster.client(), 8);
      workspace.create(
          pods.pod("large", size, "prefill", "first")
              .editMetadata()
              .addToAnnotations(Keys.TOPOLOGY, "required:nvlink")
              .endMetadata()
              .build());

      workspace.refused("first");

      Eventually.passes(() ->
          assertThat(cluster.client().v1().events().inNamespace("required").list().getItems())
              .anySatisfy(event ->
                  assertThat(event.getMessage())
                      .contains("group large requires one NVLink domain")
                      .contains("256 GPUs are wanted")));
      assertThat(workspace.get("first").getSpec().getNodeName()).isNull();
    }
  }

  private static CompletableFuture<SchedulingLoad.Report> placing(String namespace) {
    return cluster.placing(SLOWLY[0], SLOWLY[1], "-namespace=" + namespace);
  }

  private static void awaitTheMiddle(
      String namespace, CompletableFuture<SchedulingLoad.Report> placing) {
    Eventually.becomes(
        MIDDLE + " pods bound",
        () -> {
          assertThat(placing).as("the load").isNotDone();
          return cluster.client().pods().inNamespace(namespace).list().getItems();
        },
        pods -> pods.stream().filter(pod -> pod.getSpec().getNodeName() != null).count() >= MIDDLE);
  }

  private static void assertWhole(SchedulingLoad.Report found) {
    assertThat(found.groupsComplete()).isEqualTo(found.groups());
    assertThat(found.split()).isEmpty();
    assertThat(found.overbooked()).isEmpty();
  }

  private static String only(Iterable<String> domains) {
    assertThat(domains).hasSize(1);
    return domains.iterator().next();
  }
}
