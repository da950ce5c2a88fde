package dev.tandem.router.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the router counts, all under {@code tandem_router_}. What goes wrong is logged here too,
 * once a count. Thread safe.
 */
public final class RouterMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(RouterMetrics.class);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer firstToken =
      Timer.builder("tandem.router.first.token")
          .description("Time from a request's last byte to its answer's first")
          .serviceLevelObjectives(
              Duration.ofMillis(10),
              Duration.ofMillis(50),
              Duration.ofMillis(100),
              Duration.ofMillis(250),
              Duration.ofMillis(500),
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60))
          .register(registry);
  private final Timer decision =
      Timer.builder("tandem.router.decision")
          .description("Time to hash a prompt and choose engines")
          .register(registry);
  private final Timer waited =
      Timer.builder("tandem.router.queue.wait")
          .description("Time requests waited for an engine to be less than full")
          .register(registry);
  private final Counter blocksAsked =
      counter("tandem.router.prefix.blocks.asked", "Blocks looked up");
  private final Counter blocksFound =
      counter("tandem.router.prefix.blocks.found", "Blocks the best engine held");
  private final Counter blocksLost =
      counter("tandem.router.prefix.blocks.lost", "Blocks held once and nowhere now");
  private final Counter pullsOutlived =
      counter(
          "tandem.router.pulls.outlived",
          "Decode legs kept open after their client went, because they may be fetching cache");

  public Counter blocksAsked() {
    return blocksAsked;
  }

  public Counter blocksFound() {
    return blocksFound;
  }

  public Counter blocksLost() {
    return blocksLost;
  }

  /** Registers a value that is read when metrics are. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Registers a count that is read when metrics are. */
  public void counter(String name, String description, LongSupplier value) {
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  /** Everything, in Prometheus' text format. */
  public String text() {
    return registry.scrape();
  }

  void routed(boolean split) {
    count("tandem.router.routed", "Choices made", "split", Boolean.toString(split));
  }

  void finished(String outcome) {
    count("tandem.router.requests", "Requests by outcome", "outcome", outcome);
  }

  void firstToken(double seconds) {
    firstToken.record(Duration.ofNanos((long) (seconds * 1e9)));
  }

  void decided(long nanos) {
    decision.record(Duration.ofNanos(nanos));
  }

  void attemptFailed(Failure failure) {
    LOG.warn("an attempt failed: {}", failure.message());
    count("tandem.router.attempts.failed", "Attempts that failed", "reason", failure.label());
  }

  void refused(String reason) {
    count("tandem.router.refused", "Requests refused by the router", "reason", reason);
  }

  void dropped(Dropped why) {
    count("tandem.router.dropped", "Requests no engine was free for", "reason", why.metric());
  }

  void waited(long nanos) {
    waited.record(Duration.ofNanos(nanos));
  }

  /** An engine was asked for a prompt's token ids. */
  void tokenized(String outcome) {
    count("tandem.router.tokenize", "Texts whose token ids were asked for", "outcome", outcome);
  }

  /** Something in a prompt could not be read: it was routed by what is left. */
  void oddPrompt(String what) {
    count("tandem.router.prompts.odd", "Prompts read in part", "what", what);
  }

  void transferParamsMissing(String prefillPod, List<String> missing) {
    LOG.warn(
        "{} answered without {} in kv_transfer_params; the decode engine will compute the prompt itself",
        prefillPod,
        missing);
    count("tandem.router.transfer.params.missing", "Prefill answers without a cache to fetch");
  }

  void prefillLost(String prefillPod, String why) {
    LOG.warn("prefill leg lost: {} {}", prefillPod, why);
    count("tandem.router.prefill.lost", "Prefill legs that gave no answer");
  }

  void decodedAgain(String decodePod, String why) {
    LOG.warn("{} {} with a fetched cache; asking it again without", decodePod, why);
    count("tandem.router.decode.again", "Decode legs repeated without a fetched cache");
  }

  void pullOutlived() {
    pullsOutlived.increment();
  }

  private void count(String name, String description, String... tags) {
    Counter.builder(name).description(description).tags(tags).register(registry).increment();
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
