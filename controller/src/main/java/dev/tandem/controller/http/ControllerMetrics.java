package dev.tandem.controller.http;

import dev.tandem.controller.reconcile.StampMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What the controller counts, in Prometheus' words. Any thread. */
public final class ControllerMetrics implements StampMetrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final Counter backfilled = stamps("missing");
  private final Counter corrected = stamps("wrong");
  private final Counter failures =
      Counter.builder("tandem_controller_stamp_failures")
          .description("Localities the API server refused or did not answer for; tried again")
          .register(registry);
  private final Counter looks =
      Counter.builder("tandem_controller_looks_at_all_pods")
          .description("How often every pod was looked at")
          .register(registry);
  private final AtomicLong unknown =
      registry.gauge("tandem_controller_pods_on_unknown_nodes", new AtomicLong());

  /** Shows whether this replica is the one that writes. */
  public void leader(BooleanSupplier leading) {
    Gauge.builder("tandem_controller_leader", leading, now -> now.getAsBoolean() ? 1 : 0)
        .description("1 on the replica that writes")
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void stamped(boolean other) {
    (other ? corrected : backfilled).increment();
  }

  @Override
  public void failed() {
    failures.increment();
  }

  @Override
  public void looked(long pods) {
    looks.increment();
    unknown.set(pods);
  }

  @Override
  public void waiting(IntSupplier pods) {
    Gauge.builder("tandem_controller_pods_waiting", pods, IntSupplier::getAsInt)
        .description("Pods that wait to be stamped")
        .strongReference(true)
        .register(registry);
  }

  /** The text of {@code /metrics}. */
  public String text() {
    return registry.scrape();
  }

  private Counter stamps(String why) {
    return Counter.builder("tandem_controller_stamps")
        .description("Localities written on pods, by what was there before")
        .tag("was", why)
        .register(registry);
  }
}
