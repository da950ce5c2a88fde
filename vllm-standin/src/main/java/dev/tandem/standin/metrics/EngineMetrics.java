package dev.tandem.standin.metrics;

import dev.tandem.standin.schedule.FinishReason;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * vLLM's metrics under vLLM's names, with its labels {@code model_name} and {@code engine}.
 * Micrometer would rewrite names with a colon, so this uses the Prometheus library below it. Times
 * are seconds as they passed, that is modelled seconds divided by the speed-up.
 *
 * <p>Safe for use from any thread; the gauges read the engine and are scraped on its event loop.
 */
public final class EngineMetrics {
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Labels labels;
  private final String engine;

  private final CounterDataPoint prefixQueries;
  private final CounterDataPoint prefixHits;
  private final CounterDataPoint externalQueries;
  private final CounterDataPoint externalHits;
  private final CounterDataPoint promptTokens;
  private final CounterDataPoint promptTokensCached;
  private final Map<PromptSource, CounterDataPoint> promptTokensBySource =
      new EnumMap<>(PromptSource.class);
  private final CounterDataPoint generationTokens;
  private final Map<FinishReason, CounterDataPoint> finished = new EnumMap<>(FinishReason.class);
  private final DistributionDataPoint firstToken;
  private final DistributionDataPoint interToken;
  private final DistributionDataPoint perOutputToken;
  private final DistributionDataPoint endToEnd;
  private final DistributionDataPoint queue;
  private final DistributionDataPoint prefill;
  private final DistributionDataPoint decode;
  private final DistributionDataPoint inference;
  private final DistributionDataPoint transferTime;
  private final DistributionDataPoint postTime;
  private final DistributionDataPoint bytes;
  private final DistributionDataPoint descriptors;
  private final CounterDataPoint failedTransfers;
  private final CounterDataPoint failedNotifications;
  private final CounterDataPoint expired;
  private final CounterDataPoint droppedEvents;
  private final Counter httpRequests;

  private enum PromptSource {
    LOCAL_COMPUTE("local_compute"),
    LOCAL_CACHE("local_cache_hit"),
    EXTERNAL("external_kv_transfer");

    final String label;

    PromptSource(String label) {
      this.label = label;
    }
  }

  /**
   * @param modelName the first served name
   * @param engineIndex the data parallel rank
   */
  public EngineMetrics(String modelName, int engineIndex) {
    this.engine = Integer.toString(engineIndex);
    this.labels = Labels.of("model_name", modelName, "engine", engine);
    prefixQueries = counter("prefix_cache_queries", "Prompt tokens looked up in the prefix cache.");
    prefixHits = counter("prefix_cache_hits", "Prompt tokens found in the prefix cache.");
    externalQueries = counter("external_prefix_cache_queries", "Tokens asked from other engines.");
    externalHits = counter("external_prefix_cache_hits", "Tokens received from other engines.");
    promptTokens = counter("prompt_tokens", "Prefill tokens processed.");
    promptTokensCached = counter("prompt_tokens_cached", "Prompt tokens that were cached.");
    Counter bySource =
        Counter.builder()
            .withoutExemplars()
            .name("vllm:prompt_tokens_by_source")
            .help("Prompt tokens by where their KV cache came from.")
            .constLabels(labels)
            .labelNames("source")
            .register(registry);
    for (PromptSource source : PromptSource.values()) {
      promptTokensBySource.put(source, bySource.labelValues(source.label));
    }
    generationTokens = counter("generation_tokens", "Generation tokens processed.");
    Counter success =
        Counter.builder()
            .withoutExemplars()
            .name("vllm:request_success")
            .help("Requests that ended, by reason.")
            .constLabels(labels)
            .labelNames("finished_reason")
            .register(registry);
    for (FinishReason reason : FinishReason.values()) {
      finished.put(reason, success.labelValues(reason.label()));
    }
    firstToken = histogram("time_to_first_token_seconds", Buckets.FIRST_TOKEN);
    interToken = histogram("inter_token_latency_seconds", Buckets.BETWEEN_TOKENS);
    perOutputToken = histogram("request_time_per_output_token_seconds", Buckets.BETWEEN_TOKENS);
    endToEnd = histogram("e2e_request_latency_seconds", Buckets.REQUEST);
    queue = histogram("request_queue_time_seconds", Buckets.REQUEST);
    prefill = histogram("request_prefill_time_seconds", Buckets.REQUEST);
    decode = histogram("request_decode_time_seconds", Buckets.REQUEST);
    inference = histogram("request_inference_time_seconds", Buckets.REQUEST);
    transferTime = histogram("nixl_xfer_time_seconds", Buckets.TRANSFER);
    postTime = histogram("nixl_post_time_seconds", Buckets.POST);
    bytes = histogram("nixl_bytes_transferred", Buckets.BYTES);
    descriptors = histogram("nixl_num_descriptors", Buckets.DESCRIPTORS);
    failedTransfers = counter("nixl_num_failed_transfers", "Failed NIXL KV cache transfers.");
    failedNotifications =
        counter("nixl_num_failed_notifications", "Failed NIXL KV cache notifications.");
    expired = counter("nixl_num_kv_expired_reqs", "Requests whose KV cache lease ran out.");
    counter("num_preemptions", "Preemptions; the stand-in admits only what fits, so always 0.");
    droppedEvents =
        Counter.builder()
            .withoutExemplars()
            .name("standin:kv_event_batches_dropped")
            .help("KV event batches dropped because the publisher's queue was full.")
            .constLabels(labels)
            .register(registry)
            .labelValues();
    httpRequests =
        Counter.builder()
            .withoutExemplars()
            .name("http_requests")
            .help("HTTP requests by handler, method and status class.")
            .labelNames("handler", "method", "status")
            .register(registry);
  }

  /** A gauge that reads the engine when scraped. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("vllm:" + name)
        .help(help)
        .constLabels(labels)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** The two waiting reasons of vLLM. */
  public void waitingByReason(DoubleSupplier capacity, DoubleSupplier deferred) {
    GaugeWithCallback.builder()
        .name("vllm:num_requests_waiting_by_reason")
        .help("Requests waiting, by reason.")
        .constLabels(labels)
        .labelNames("reason")
        .callback(callback -> {
          callback.call(capacity.getAsDouble(), "capacity");
          callback.call(deferred.getAsDouble(), "deferred");
        })
        .register(registry);
  }

  /** {@code vllm:cache_config_info}: every field as a label; it has no model name. */
  public void cacheConfig(Map<String, String> fields) {
    SortedMap<String, String> sorted = new TreeMap<>(fields);
    sorted.put("engine", engine);
    Info.builder()
        .name("vllm:cache_config")
        .help("Information of the LLMEngine CacheConfig.")
        .labelNames(sorted.keySet().toArray(String[]::new))
        .register(registry)
        .setLabelValues(sorted.values().toArray(String[]::new));
  }

  /** A prompt was looked up in the own cache. */
  public void prefixLookup(int tokens, int hits) {
    prefixQueries.inc(tokens);
    prefixHits.inc(hits);
  }

  /** Tokens that were pulled from another engine. */
  public void externalLookup(int tokens) {
    externalQueries.inc(tokens);
    externalHits.inc(tokens);
  }

  /** The first token of a request is out. */
  public void firstToken(
      int prompt, int cached, boolean pulled, long queuedNanos, long prefillNanos, long ttftNanos) {
    promptTokens.inc(prompt);
    promptTokensCached.inc(cached);
    source(PromptSource.LOCAL_COMPUTE).inc(prompt - cached);
    source(pulled ? PromptSource.EXTERNAL : PromptSource.LOCAL_CACHE).inc(cached);
    queue.observe(queuedNanos / NANOS);
    prefill.observe(prefillNanos / NANOS);
    firstToken.observe(ttftNanos / NANOS);
  }

  /**
   * Output tokens came out.
   *
   * @param tokens how many
   * @param intervals how many of them had one before them
   * @param nanos time since the last one before
   */
  public void generated(int tokens, int intervals, long nanos) {
    generationTokens.inc(tokens);
    for (int i = 0; i < intervals; i++) {
      interToken.observe(nanos / NANOS / intervals);
    }
  }

  /** A request ended, for whatever reason. */
  public void finished(FinishReason reason) {
    CounterDataPoint point = finished.get(reason);
    if (point != null) {
      point.inc();
    }
  }

  /** The times of a request that ended well. */
  public void ended(long totalNanos, long inferenceNanos, long decodeNanos, int outputTokens) {
    endToEnd.observe(totalNanos / NANOS);
    inference.observe(inferenceNanos / NANOS);
    decode.observe(decodeNanos / NANOS);
    if (outputTokens > 1) {
      perOutputToken.observe(decodeNanos / NANOS / (outputTokens - 1));
    }
  }

  /** A pull ended well. */
  public void transferred(
      double seconds, double postSeconds, long byteCount, long descriptorCount) {
    transferTime.observe(seconds);
    postTime.observe(postSeconds);
    bytes.observe((double) byteCount);
    descriptors.observe((double) descriptorCount);
  }

  /** A pull failed. */
  public void failedTransfer() {
    failedTransfers.inc();
  }

  /** A peer did not take a heartbeat or a release. */
  public void failedNotification() {
    failedNotifications.inc();
  }

  /** A lease ran out before its blocks were pulled. */
  public void leaseExpired() {
    expired.inc();
  }

  /** A KV event batch was dropped. */
  public void droppedEventBatch() {
    droppedEvents.inc();
  }

  /** An HTTP request was answered, or (400) broke off before its end. */
  public void httpRequest(String handler, String method, int status) {
    httpRequests.labelValues(handler, method, status / 100 + "xx").inc();
  }

  /** The exposition in Prometheus text format 0.0.4. */
  public byte[] scrape() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return out.toByteArray();
  }

  private CounterDataPoint source(PromptSource source) {
    CounterDataPoint point = promptTokensBySource.get(source);
    if (point == null) {
      throw new IllegalStateException("no counter for " + source);
    }
    return point;
  }

  private CounterDataPoint counter(String name, String help) {
    return Counter.builder()
        .withoutExemplars()
        .name("vllm:" + name)
        .help(help)
        .constLabels(labels)
        .register(registry)
        .labelValues();
  }

  private DistributionDataPoint histogram(String name, double[] bounds) {
    return Histogram.builder()
        .withoutExemplars()
        .name("vllm:" + name)
        .help("Histogram of " + name.replace('_', ' ') + ".")
        .classicOnly()
        .classicUpperBounds(bounds)
        .constLabels(labels)
        .register(registry)
        .labelValues();
  }
}
