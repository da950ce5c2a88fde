package dev.tandem.extender.http;

import dev.tandem.api.Level;
import dev.tandem.extender.certificates.ServingTls;
import dev.tandem.extender.decide.Decision;
import dev.tandem.topology.placement.Choice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What the extender counts. Safe for many threads; every label has a fixed set of values. */
public final class ExtenderMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(200_000),
    Duration.ofNanos(350_000),
    Duration.ofNanos(500_000),
    Duration.ofNanos(750_000),
    Duration.ofMillis(1),
    Duration.ofNanos(1_250_000),
    Duration.ofNanos(1_500_000),
    Duration.ofMillis(2),
    Duration.ofMillis(3),
    Duration.ofMillis(5),
    Duration.ofMillis(6),
    Duration.ofMillis(7),
    Duration.ofMillis(8),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Verb, Timer> requests = new EnumMap<>(Verb.class);
  private final DistributionSummary predicted =
      DistributionSummary.builder("tandem.extender.predicted.transfer.seconds")
          .description("KV transfer of a reference prompt within the group, as predicted when sent")
          .serviceLevelObjectives(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
          .register(registry);
  private final DistributionSummary quality =
      DistributionSummary.builder("tandem.extender.plan.quality")
          .description(
              "Least KV transfer that two nodes of this cluster allow, over the predicted one:"
                  + " 1 is as good as can be")
          .serviceLevelObjectives(0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999)
          .register(registry);

  /** By name and tags: the registry's own look-up builds a meter's whole identity each time. */
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  private final Counter cutConnections =
      Counter.builder("tandem.extender.connections.cut")
          .description("Connections on which a call took too long")
          .register(registry);

  public ExtenderMetrics() {
    for (Verb verb : Verb.values()) {
      requests.put(verb, timer(registry, verb));
    }
  }

  /**
   * A function counter holds its source weakly: unheld, it stops counting at the next collection.
   */
  private final List<LongSupplier> counted = new ArrayList<>();

  /** Time to answer, body read to answer written, as a histogram a verb. */
  void answered(Verb verb, long nanos) {
    Objects.requireNonNull(requests.get(verb)).record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Timer timer(PrometheusMeterRegistry registry, Verb verb) {
    return Timer.builder("tandem.extender.request")
        .description("Time from the whole body read to the answer ready")
        .tag("verb", verb.label())
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** How near a group will be by the plan its pod was sent by, and what its exchange will take. */
  private void planned(Choice best) {
    Level shared = best.shared();
    counter(
            "tandem.extender.chosen",
            "Pods sent, by the nearest level that will hold their whole group",
            "shared",
            shared == null ? "none" : shared.label())
        .increment();
    predicted.record(best.seconds());
    if (best.seconds() > 0) {
      quality.record(best.leastSeconds() / best.seconds());
    }
  }

  /** A connection was cut: a call on it took too long to come. */
  void cut() {
    cutConnections.increment();
  }

  /** A filter decision by outcome. */
  void decided(Decision decision) {
    switch (decision) {
      case Decision.PassedThrough() -> decided("passed-through", "");
      case Decision.Indifferent indifferent -> decided("indifferent", indifferent.cause().label());
      case Decision.Chosen chosen ->
          decided(chosen.choices().getFirst().comfortable() ? "chosen" : "chosen-crowded", "");
      case Decision.Refused refused -> decided("refused", refused.cause().label());
    }
    if (decision instanceof Decision.Chosen chosen) {
      planned(chosen.choices().getFirst());
    }
    unknown(dropped(decision));
  }

  private void decided(String outcome, String reason) {
    counter(
            "tandem.extender.decisions",
            "Filter decisions by outcome and, where no node was singled out, why",
            "outcome",
            outcome,
            "reason",
            reason)
        .increment();
  }

  /**
   * A preempt decision.
   *
   * @param offered nodes the scheduler would evict on
   * @param kept how many of them stay
   */
  void preempted(int offered, int kept) {
    counter(
            "tandem.extender.preemptions",
            "Preempt decisions by what stays of the nodes offered",
            "outcome",
            kept == offered ? "all-kept" : "some-left-out")
        .increment();
  }

  private static int dropped(Decision decision) {
    return switch (decision) {
      case Decision.PassedThrough() -> 0;
      case Decision.Indifferent indifferent -> indifferent.dropped().size();
      case Decision.Chosen chosen -> chosen.dropped().size();
      case Decision.Refused refused -> refused.dropped().size();
    };
  }

  private void unknown(int nodes) {
    if (nodes > 0) {
      Counter.builder("tandem.extender.unknown.nodes")
          .description("Candidate nodes kept out because the node watch does not know them")
          .register(registry)
          .increment(nodes);
    }
  }

  /** A call that could not be understood or answered, by what was wrong with it. */
  void bad(Verb verb, String what) {
    Counter.builder("tandem.extender.bad.requests")
        .description("Calls that could not be understood or answered")
        .tag("verb", verb.label())
        .tag("problem", what)
        .register(registry)
        .increment();
  }

  /** How many calls are being answered. */
  void inside(IntSupplier calls) {
    gauge("tandem.extender.calls", "state", "inside", calls);
  }

  /** Publishes the state of the TLS files. */
  public void tls(ServingTls tls) {
    Gauge.builder(
            "tandem.extender.certificate.expiry.seconds", tls, t -> t.expiry().getEpochSecond())
        .description("When clients stop to accept the serving certificate, Unix time")
        .strongReference(true)
        .register(registry);
    counted("tandem.extender.certificate.reloads", "New TLS files taken", tls::reloads);
    counted("tandem.extender.certificate.refused", "New TLS files that were bad", tls::refused);
  }

  /** Registers what is read when somebody looks. */
  public void watch(
      BooleanSupplier nodesSynced,
      BooleanSupplier podsSynced,
      IntSupplier nodes,
      IntSupplier expected,
      IntSupplier problems,
      LongSupplier generation) {
    gauge(
        "tandem.extender.cache.synced",
        "resource",
        "nodes",
        () -> nodesSynced.getAsBoolean() ? 1 : 0);
    gauge(
        "tandem.extender.cache.synced",
        "resource",
        "pods",
        () -> podsSynced.getAsBoolean() ? 1 : 0);
    gauge("tandem.extender.nodes", "state", "known", nodes);
    gauge("tandem.extender.pods", "state", "expected", expected);
    gauge("tandem.extender.topology.problems", "source", "labels", problems);
    Gauge.builder("tandem.extender.topology.generation", generation, LongSupplier::getAsLong)
        .description("How often the interconnect has been drawn anew")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Publishes what became of changes to the configured topology, how old it is, and how many of the
   * nodes it describes are not there.
   */
  public void topology(
      LongSupplier applied, LongSupplier refused, DoubleSupplier ageSeconds, IntSupplier absent) {
    reloads("applied", applied);
    reloads("refused", refused);
    Gauge.builder("tandem.extender.topology.age.seconds", ageSeconds, DoubleSupplier::getAsDouble)
        .description("Since the configured topology last changed")
        .strongReference(true)
        .register(registry);
    Gauge.builder("tandem.extender.topology.absent.nodes", absent, IntSupplier::getAsInt)
        .description("Nodes the configured topology describes that are not in the cluster")
        .strongReference(true)
        .register(registry);
  }

  private void reloads(String outcome, LongSupplier source) {
    counted.add(source);
    FunctionCounter.builder("tandem.extender.topology.reloads", source, LongSupplier::getAsLong)
        .description("Changes of the configured topology by outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Publishes the state of a recording. */
  public void recording(BooleanSupplier active, LongSupplier written, LongSupplier dropped) {
    gauge("tandem.extender.recording", "state", "active", () -> active.getAsBoolean() ? 1 : 0);
    counted("tandem.extender.recorded.calls", "Calls written to the recording", written);
    counted("tandem.extender.recording.dropped", "Changes and calls it has no room for", dropped);
  }

  private void counted(String name, String description, LongSupplier source) {
    counted.add(source);
    FunctionCounter.builder(name, source, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  String scrape() {
    return registry.scrape();
  }

  private void gauge(String name, String key, String value, IntSupplier source) {
    Gauge.builder(name, source, IntSupplier::getAsInt)
        .tag(key, value)
        .strongReference(true)
        .register(registry);
  }

  private Counter counter(String name, String description, String... tags) {
    String key = name + String.join(" ", tags);
    return counters.computeIfAbsent(
        key,
        unseen -> Counter.builder(name).description(description).tags(tags).register(registry));
  }
}
