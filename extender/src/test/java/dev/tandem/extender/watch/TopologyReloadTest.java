package dev.tandem.extender.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set by the extension
class TopologyReloadTest {
  private static final String ONE = "nodes:\n  - {names: a, leaf: l1}\n";
  private static final String TWO = "nodes:\n  - {names: 'a,b', leaf: l2}\n";

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final KubernetesClient client = cluster.client();

  @TempDir private Path folder;
  private final BlockingQueue<KnownTopology> told = new LinkedBlockingQueue<>();

  @Test
  void aChangedFileIsHandedOnAndABadOneIsNot() throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), ONE);
    try (TopologyReload reload = files(file, null)) {
      assertThat(leaf(reload.known(), "a")).isEqualTo("l1");
      reload.poll();
      assertThat(told).isEmpty();

      Files.writeString(file, "nodes:\n  - {names: a, rack: r}\n");
      reload.poll();
      reload.poll();
      assertThat(told).isEmpty();
      assertThat(reload.refused()).isEqualTo(1);
      assertThat(leaf(reload.known(), "a")).isEqualTo("l1");

      Files.writeString(file, TWO);
      reload.poll();
      assertThat(leaf(told.remove(), "b")).isEqualTo("l2");
      assertThat(reload.applied()).isEqualTo(1);

      Files.delete(file);
      reload.poll();
      reload.poll();
      assertThat(reload.refused()).isEqualTo(2);
      assertThat(leaf(reload.known(), "b")).isEqualTo("l2");
    }
  }

  @Test
  void aMountedConfigMapIsSeenWhenItsLinkIsSwapped() throws Exception {
    Path first = Files.createDirectory(folder.resolve("..2026_1"));
    Path second = Files.createDirectory(folder.resolve("..2026_2"));
    Files.writeString(first.resolve("topology.yaml"), ONE);
    Files.writeString(second.resolve("topology.yaml"), TWO);
    Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
    Path file =
        Files.createSymbolicLink(
            folder.resolve("topology.yaml"), Path.of("..data", "topology.yaml"));
    try (TopologyReload reload = files(file, null)) {
      Files.delete(data);
      Files.createSymbolicLink(data, second);
      reload.poll();
      assertThat(leaf(told.remove(), "b")).isEqualTo("l2");
    }
  }

  @Test
  void transportsWinOverThoseOfTheTopologyFileAndABadOneSpoilsNothing() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("t.yaml"), ONE + "transports: {rdma: {efficiency: 0.5}}\n");
    Path transports = folder.resolve("transports.yaml");
    Files.writeString(transports, "transports: {rdma: {efficiency: 0.9}}\n");
    try (TopologyReload reload = files(file, transports)) {
      assertThat(reload.known().cost().overhead(Transport.RDMA).efficiency()).isEqualTo(0.9);
      Files.writeString(transports, "transports: {rdma: {efficiency: 9}}\n");
      Files.writeString(file, TWO);
      reload.poll();
      assertThat(reload.known().cost().overhead(Transport.RDMA).efficiency()).isEqualTo(0.9);
      Files.writeString(transports, "transports: {rdma: {efficiency: 0.75}}\n");
      reload.poll();
      assertThat(reload.known().cost().overhead(Transport.RDMA).efficiency()).isEqualTo(0.75);
      assertThat(leaf(reload.known(), "b")).isEqualTo("l2");
    }
  }

  @Test
  void aBadFileAtTheStartIsRefusedWithItsName() throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "nodes: 7\n");
    assertThatThrownBy(() -> files(file, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("t.yaml: ");
    assertThatThrownBy(() -> files(folder.resolve("none"), null))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none: no such file");
  }

  @Test
  void aConfigMapIsFollowedAndItsLastGoodContentOutlivesIt() throws Exception {
    TopologyReload reload = new TopologyReload(null, null, UnaryOperator.identity(), clock());
    try (reload) {
      reload.start(client, "tandem-system/topology", Duration.ofHours(1), told::add);
      put("topology.yaml", ONE);
      assertThat(leaf(next(), "a")).isEqualTo("l1");
      put("topology.yaml", "nodes: [");
      put("topology.yaml", TWO);
      assertThat(leaf(next(), "b")).isEqualTo("l2");
      assertThat(reload.synced()).isTrue(); // handed on in order: the first was done with before
      KnownTopology last = reload.known();
      client.configMaps().inNamespace("tandem-system").withName("topology").delete();
      assertThat(reload.known()).isEqualTo(last);
    }
  }

  @Test
  void aKeyThatIsGoneFromTheConfigMapCountsOn() throws Exception {
    TopologyReload reload = new TopologyReload(null, null, UnaryOperator.identity(), clock());
    try (reload) {
      reload.start(client, "tandem-system/topology", Duration.ofHours(1), told::add);
      put("topology.yaml", ONE);
      assertThat(leaf(next(), "a")).isEqualTo("l1");

      put("transports.yaml", "transports: {tcp: {post-micros: 3}}");
      KnownTopology both = next();
      assertThat(leaf(both, "a")).isEqualTo("l1");
      assertThat(both.cost().overhead(Transport.TCP).postSeconds()).isEqualTo(3e-6);

      put("topology.yaml", TWO);
      both = next();
      assertThat(leaf(both, "b")).isEqualTo("l2");
      assertThat(both.cost().overhead(Transport.TCP).postSeconds()).isEqualTo(3e-6);
      assertThat(reload.refused()).isZero();
    }
  }

  @Test
  void theAgeIsNeverNegativeThoughTheClockIsSetBack() {
    AtomicLong millis = new AtomicLong(5_000);
    InstantSource source = () -> Instant.ofEpochMilli(millis.get());
    try (TopologyReload reload =
        new TopologyReload(null, null, UnaryOperator.identity(), source.withZone(ZoneOffset.UTC))) {
      millis.set(7_500);
      assertThat(reload.ageSeconds()).isEqualTo(2.5);
      millis.set(1_000);
      assertThat(reload.ageSeconds()).isZero();
    }
  }

  /** The ConfigMap with this key alone. */
  private void put(String key, String text) {
    client
        .configMaps()
        .inNamespace("tandem-system")
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("topology")
                .withNamespace("tandem-system")
                .endMetadata()
                .addToData(key, text)
                .build())
        .createOr(resource -> resource.update());
  }

  private KnownTopology next() throws InterruptedException {
    KnownTopology next = told.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was handed on for a minute");
    }
    return next;
  }

  /** Looked at by hand. */
  private TopologyReload files(Path topology, @Nullable Path transports) {
    TopologyReload reload =
        new TopologyReload(topology, transports, UnaryOperator.identity(), clock());
    reload.start(client, null, Duration.ofHours(1), told::add);
    return reload;
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }

  private static @Nullable String leaf(KnownTopology known, String node) {
    return known.facts(node, Map.of(), 0).block(Level.LEAF);
  }
}
