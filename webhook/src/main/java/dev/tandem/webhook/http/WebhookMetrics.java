package dev.tandem.webhook.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;

/** What the webhook counts, in Prometheus' words. Any thread. */
public final class WebhookMetrics {

  /** The API server waits 1 s for a bind; a review should take well under a millisecond. */
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
    Duration.ofSeconds(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** One review answered: what it was about, what it came to, how long it took. */
  void reviewed(String resource, String outcome, Duration took) {
    Counter.builder("tandem_webhook_reviews")
        .description("Admission reviews answered, by resource and outcome")
        .tag("resource", resource)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
    Timer.builder("tandem_webhook_review")
        .description("Time from the whole body to the answer")
        .tag("resource", resource)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  /** One request that held no review. */
  void refused(String reason) {
    Counter.builder("tandem_webhook_bad_requests")
        .description("Requests that held no admission review, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /** Shows when the serving certificate ends, in seconds since 1970. */
  public void certificateExpiry(Instant expiry) {
    Gauge.builder("tandem_webhook_certificate_expiry_seconds", expiry, Instant::getEpochSecond)
        .description("When the serving certificate ends, in Unix time")
        .strongReference(true)
        .register(registry);
  }

  /** The text of {@code /metrics}. */
  String text() {
    return registry.scrape();
  }
}
