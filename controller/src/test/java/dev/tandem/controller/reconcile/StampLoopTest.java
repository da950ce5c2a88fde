package dev.tandem.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The loop against fabric8's stand-in for the API server. */
final class StampLoopTest {

  private static final String GPU_0 = "leaf=l1@50/rdma,node=gpu-0@50/pcie";
  private static final String OTHER_LEAF = "leaf=l2@50/rdma,node=gpu-0@50/pcie";

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final KubernetesClient client = cluster.client();

  private final AtomicBoolean leading = new AtomicBoolean(true);
  private final Counts counts = new Counts();

  @Test
  void podsThatWereBoundBeforeAndAfterTheStartAreStamped() {
    namespace("llm", "true");
    node("l1");
    pod("llm", "before", Map.of(), Map.of());
    try (StampLoop loop = loop(10)) {
      pod("llm", "after", Map.of(), Map.of());

      eventually(() -> GPU_0.equals(stamp("llm", "before")) && GPU_0.equals(stamp("llm", "after")));
      assertThat(loop.notReady()).isNull();
      eventually(() -> counts.backfilled.get() >= 2); // counted after the stamp can be seen
    }
  }

  @Test
  void onlyPodsThatOptedInAreTouched() {
    namespace("llm", "true");
    namespace("other", null);
    namespace("kube-system", "true");
    node("l1");
    pod("llm", "out", Map.of(Keys.INJECT, "false"), Map.of());
    pod("other", "plain", Map.of(), Map.of());
    pod("kube-system", "system", Map.of(), Map.of());
    pod("llm", "mirror", Map.of(), Map.of("kubernetes.io/config.mirror", "x"));
    pod("other", "meant", Map.of(Keys.INJECT, "true"), Map.of());
    try (StampLoop _ = loop(10)) {
      eventually(() -> GPU_0.equals(stamp("other", "meant")));

      assertThat(stamp("llm", "out")).isNull();
      assertThat(stamp("other", "plain")).isNull();
      assertThat(stamp("kube-system", "system")).isNull();
      assertThat(stamp("llm", "mirror")).isNull();
    }
  }

  @Test
  void aNodeThatMovesAndAForgedStampAreCorrected() {
    namespace("llm", "true");
    node("l1");
    pod("llm", "moved", Map.of(), Map.of());
    pod("llm", "forged", Map.of(), Map.of(Keys.LOCALITY, "node=elsewhere@9000/nvlink"));
    try (StampLoop _ = loop(10)) {
      eventually(() -> GPU_0.equals(stamp("llm", "moved")) && GPU_0.equals(stamp("llm", "forged")));

      client
          .nodes()
          .withName("gpu-0")
          .edit(node ->
              new NodeBuilder(node).editMetadata().addToLabels(leaf("l2")).endMetadata().build());

      eventually(() -> OTHER_LEAF.equals(stamp("llm", "moved")));
    }
  }

  @Test
  void aNamespaceThatOptsInLaterIsNoticed() {
    namespace("late", null);
    node("l1");
    pod("late", "p", Map.of(), Map.of());
    try (StampLoop loop = loop(10)) {
      eventually(() -> loop.notReady() == null && counts.looks.get() > 0);

      client
          .namespaces()
          .withName("late")
          .edit(namespace ->
              new NamespaceBuilder(namespace)
                  .editMetadata()
                  .addToLabels(Keys.INJECT, "true")
                  .endMetadata()
                  .build());

      eventually(() -> GPU_0.equals(stamp("late", "p")));
    }
  }

  @Test
  void whoDoesNotLeadWritesNothingUntilItDoes() {
    namespace("llm", "true");
    node("l1");
    pod("llm", "p", Map.of(), Map.of());
    leading.set(false);
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier counting =
        () -> {
          asked.incrementAndGet();
          return leading.get();
        };
    try (StampLoop loop = loop(10, counting)) {
      eventually(() -> loop.notReady() == null);
      int before = asked.get();
      eventually(() -> asked.get() > before + 2); // the worker had its turn
      assertThat(stamp("llm", "p")).isNull();

      leading.set(true);

      eventually(() -> GPU_0.equals(stamp("llm", "p")));
    }
  }

  @Test
  void aRefusalIsTriedAgain() {
    namespace("llm", "true");
    node("l1");
    pod("llm", "p", Map.of(), Map.of());
    cluster
        .server()
        .expect()
        .patch()
        .withPath("/api/v1/namespaces/llm/pods/p?fieldManager=tandem-controller")
        .andReturn(403, "{}")
        .times(2);
    try (StampLoop _ = loop(10)) {
      eventually(() -> GPU_0.equals(stamp("llm", "p")));

      assertThat(counts.failures).hasValue(2);
    }
  }

  @Test
  void morePodsThanTheQueueHoldsAreAllStamped() {
    namespace("llm", "true");
    node("l1");
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "p" + i).toList();
    names.forEach(name -> pod("llm", name, Map.of(), Map.of()));
    try (StampLoop _ = loop(3)) {
      eventually(() -> names.stream().allMatch(name -> GPU_0.equals(stamp("llm", name))));
    }
  }

  private StampLoop loop(int mostWaiting) {
    return loop(mostWaiting, leading::get);
  }

  private StampLoop loop(int mostWaiting, BooleanSupplier leader) {
    return new StampLoop(
        client,
        KnownTopology.nothing(),
        Set.of("kube-system"),
        leader,
        counts,
        InstantSource.system(),
        () -> 0,
        new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), 10),
        mostWaiting);
  }

  private void namespace(String name, @Nullable String inject) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(inject == null ? Map.of() : Map.of(Keys.INJECT, inject))
                .endMetadata()
                .build())
        .create();
  }

  private void node(String leaf) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("gpu-0")
                .withLabels(leaf(leaf))
                .endMetadata()
                .build())
        .create();
  }

  private static Map<String, String> leaf(String leaf) {
    return Map.of("network.topology.nvidia.com/leaf", leaf);
  }

  private void pod(
      String namespace, String name, Map<String, String> labels, Map<String, String> annotations) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withNodeName("gpu-0")
                .endSpec()
                .build())
        .create();
  }

  private @Nullable String stamp(String namespace, String name) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(Keys.LOCALITY);
  }

  private static void eventually(BooleanSupplier condition) {
    await().atMost(Duration.ofMinutes(1)).until(condition::getAsBoolean);
  }

  private static final class Counts implements StampMetrics {
    final AtomicInteger backfilled = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();

    @Override
    public void stamped(boolean corrected) {
      if (!corrected) {
        backfilled.incrementAndGet();
      }
    }

    @Override
    public void failed() {
      failures.incrementAndGet();
    }

    @Override
    public void looked(long unknown) {
      looks.incrementAndGet();
    }

    @Override
    public void waiting(IntSupplier pods) {}
  }
}
