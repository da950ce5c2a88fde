package dev.tandem.webhook.certificates;

import dev.tandem.edge.process.ApiServerProblem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does one duty at a time on a thread of its own: every period, and soon after it was woken. Wakes
 * that come while one is waiting count once. A duty that fails raises the alarm and is done again.
 */
public final class CertificateLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CertificateLoop.class);

  private static final int PATIENCE_SECONDS = 10;

  private final Runnable duty;
  private final CertificateAlarms alarms;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("certificates").factory());

  private CertificateLoop(Runnable duty, CertificateAlarms alarms) {
    this.duty = duty;
    this.alarms = alarms;
  }

  /** Starts; the first time is one period from now, or when woken. */
  public static CertificateLoop start(Runnable duty, Duration period, CertificateAlarms alarms) {
    CertificateLoop loop = new CertificateLoop(duty, alarms);
    loop.schedule(period);
    return loop;
  }

  /** Has the duty done soon. Returns at once; harmless after the end. */
  public void wake() {
    if (!thread.isShutdown() && woken.compareAndSet(false, true)) {
      CompletableFuture.runAsync(this::once, thread)
          .exceptionally(e -> {
            log.debug("not run: {}", e.toString());
            return null;
          });
    }
  }

  /** Ends after the duty that is being done, or {@value #PATIENCE_SECONDS} s. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("certificates are still being looked after; left to end by itself");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void schedule(Duration period) {
    var unused =
        thread.scheduleWithFixedDelay(
            this::once, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void once() {
    woken.set(false);
    try {
      duty.run();
    } catch (KubernetesClientException e) {
      failed(ApiServerProblem.of(e));
    } catch (RuntimeException e) {
      failed(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void failed(String why) {
    if (thread.isShutdown()) {
      return; // it was interrupted
    }
    log.warn("certificates could not be looked after, trying again: {}", why);
    alarms.raised("certificates could not be looked after: " + why);
  }
}
