package dev.tandem.controller.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this replica holds the Lease. One that loses it stays and stands for election again: a
 * second writer for a moment does no harm here, since both would write the same. Any thread.
 */
public final class Leadership implements BooleanSupplier, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  // As kube-scheduler and kube-controller-manager have them.
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final String namespace;
  private final String lease;
  private final String identity;
  private volatile boolean leading;
  private boolean closed; // with this class's lock
  private @Nullable CompletableFuture<?> election; // with this class's lock

  private Leadership(KubernetesClient client, String namespace, String lease, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.lease = lease;
    this.identity = identity;
  }

  /**
   * Stands for election; returns at once.
   *
   * @param identity of this replica, different from every other's
   */
  public static Leadership seek(
      KubernetesClient client, String namespace, String lease, String identity) {
    Leadership leadership = new Leadership(client, namespace, lease, identity);
    leadership.stand();
    return leadership;
  }

  @Override
  public boolean getAsBoolean() {
    return leading;
  }

  /** Gives the Lease back, so that another replica need not wait for its end. */
  @Override
  public synchronized void close() {
    closed = true;
    if (election != null) {
      election.cancel(true);
    }
  }

  private synchronized void stand() {
    if (closed) {
      return;
    }
    CompletableFuture<?> running =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(lease)
                    .withLock(new LeaseLock(namespace, lease, identity))
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEW)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(() -> leads(true), () -> leads(false), this::newLeader))
                    .build())
            .build()
            .start();
    election = running;
    running.whenCompleteAsync(
        (ended, problem) -> {
          leads(false);
          stand();
        },
        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void leads(boolean now) {
    if (leading != now) {
      leading = now;
      log.info("{} {} lease {}/{}", identity, now ? "holds" : "no longer holds", namespace, lease);
    }
  }

  private void newLeader(@Nullable String leader) {
    if (leader != null && !leader.equals(identity)) {
      log.info("lease {}/{} is held by {}", namespace, lease, leader);
    }
  }
}
