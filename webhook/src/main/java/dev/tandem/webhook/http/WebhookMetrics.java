package dev.tandem.webhook.http;

import dev.tandem.webhook.certificates.CertificateAlarms;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.ServedIdentity;
import dev.tandem.webhook.inject.InjectionResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the webhook counts, in Prometheus' words. Any thread. */
public final class WebhookMetrics implements CertificateAlarms {

  private static final Logger log = LoggerFactory.getLogger(WebhookMetrics.class);

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

  private final AtomicReference<@Nullable String> alarm = new AtomicReference<>();
  private final Counter certificateProblems =
      Counter.builder("tandem_webhook_certificate_problems")
          .description("How often certificates could not be read, checked or written")
          .register(registry);

  private final Counter lostEvents =
      Counter.builder("tandem_webhook_events_lost")
          .description("Events on owners that were not written: too many at a time, or refused")
          .register(registry);
  private final Counter cutConnections =
      Counter.builder("tandem_webhook_connections_cut")
          .description("Connections on which a request took too long")
          .register(registry);

  public WebhookMetrics() {
    InjectionResult.outcomes().forEach(outcome -> reviews("pods", outcome));
    BindingReviews.OUTCOMES.forEach(outcome -> reviews("bindings", outcome));
    for (String resource : List.of("pods", "bindings")) {
      reviews(resource, PodReviews.NOT_OURS);
      reviews(resource, ReviewEndpoint.ERROR);
    }
    Gauge.builder("tandem_webhook_certificate_alarm", alarm, reason -> reason.get() == null ? 0 : 1)
        .description("1 while something is wrong with the certificates; the log says what")
        .strongReference(true)
        .register(registry);
  }

  /** One review answered: what it was about, what it came to, how long it took. */
  void reviewed(String resource, String outcome, Duration took) {
    reviews(resource, outcome).increment();
    Timer.builder("tandem_webhook_review")
        .description("Time from the whole body to the answer")
        .tag("resource", resource)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  private Counter reviews(String resource, String outcome) {
    return Counter.builder("tandem_webhook_reviews")
        .description("Admission reviews answered, by resource and outcome")
        .tag("resource", resource)
        .tag("outcome", outcome)
        .register(registry);
  }

  /** An event was not written. */
  public void eventLost() {
    lostEvents.increment();
  }

  /** A connection was opened on which this version of HTTP is spoken. */
  void opened(String protocol) {
    Counter.builder("tandem_webhook_connections_opened")
        .description("Connections opened, by what is spoken on them")
        .tag("protocol", protocol)
        .register(registry)
        .increment();
  }

  /** A connection was cut. */
  void cut() {
    cutConnections.increment();
  }

  /** One request that held no review. */
  void refused(String reason) {
    Counter.builder("tandem_webhook_bad_requests")
        .description("Requests that held no admission review, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /** Shows when what is served ends, in seconds since 1970. */
  public void certificateOf(ServedIdentity served) {
    Gauge.builder("tandem_webhook_certificate_expiry_seconds", served, WebhookMetrics::expiry)
        .description("When the serving certificate ends, in Unix time; 0 without one")
        .strongReference(true)
        .register(registry);
  }

  private static double expiry(ServedIdentity served) {
    Identity identity = served.current();
    return identity == null ? 0 : identity.expiry().getEpochSecond();
  }

  /** Logs what is new; shows that something is wrong until it no longer is. */
  @Override
  public void raised(String reason) {
    certificateProblems.increment();
    if (!reason.equals(alarm.getAndSet(reason))) {
      log.error("certificates: {}", reason);
    }
  }

  @Override
  public void cleared() {
    String before = alarm.getAndSet(null);
    if (before != null) {
      log.info("certificates are well again, after: {}", before);
    }
  }

  /** The text of {@code /metrics}. */
  String text() {
    return registry.scrape();
  }
}
