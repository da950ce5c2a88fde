package dev.tandem.controller;

import dev.tandem.controller.http.ControllerMetrics;
import dev.tandem.controller.http.HealthServer;
import dev.tandem.controller.reconcile.Leadership;
import dev.tandem.controller.reconcile.StampLoop;
import dev.tandem.edge.process.ClusterProcess;
import dev.tandem.edge.watch.FollowedTopology;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A running controller. Every replica watches, so that the next leader knows the cluster already;
 * one of them writes.
 */
public final class Controller implements ClusterProcess.Running {

  /** As often as the webhook looks at its topology file. */
  private static final Duration LOOKS = Duration.ofSeconds(5);

  private final FollowedTopology topology;
  private final @Nullable Leadership leadership;
  private final StampLoop stamps;
  private final HealthServer server;

  private Controller(
      FollowedTopology topology,
      @Nullable Leadership leadership,
      StampLoop stamps,
      HealthServer server) {
    this.topology = topology;
    this.leadership = leadership;
    this.stamps = stamps;
    this.server = server;
  }

  /**
   * Starts one in this JVM; it returns at once, and works as soon as the cluster is known and the
   * Lease is held. The client stays the caller's to close.
   *
   * @throws UncheckedIOException where the topology file cannot be read
   */
  public static Controller start(ControllerConfig config, KubernetesClient client) {
    FollowedTopology topology = new FollowedTopology(config.topologyFile());
    ControllerMetrics metrics = new ControllerMetrics();
    String lease = config.lease();
    Leadership leadership =
        lease == null
            ? null
            : Leadership.seek(client, config.namespace(), lease, config.identity());
    BooleanSupplier leading = leadership == null ? () -> true : leadership;
    metrics.leader(leading);
    StampLoop stamps =
        new StampLoop(
            client,
            topology.first(),
            config.excludedNamespaces(),
            leading,
            metrics,
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextLong());
    try {
      HealthServer server =
          new HealthServer(
              config.host(),
              config.port(),
              () -> stamps.alive() ? null : "the thread that stamps pods has ended",
              stamps::notReady,
              metrics::text);
      topology.follow(LOOKS, stamps::learn);
      return new Controller(topology, leadership, stamps, server);
    } catch (RuntimeException e) {
      stamps.close();
      if (leadership != null) {
        leadership.close();
      }
      throw e;
    }
  }

  /** Where health and metrics are. */
  @Override
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Stops working and gives the Lease back. */
  @Override
  public void close() {
    topology.close();
    stamps.close();
    if (leadership != null) {
      leadership.close();
    }
    server.close();
  }
}
