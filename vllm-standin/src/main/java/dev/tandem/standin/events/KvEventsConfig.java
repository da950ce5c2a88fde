package dev.tandem.standin.events;

import org.jspecify.annotations.Nullable;

/**
 * vLLM's {@code --kv-events-config} (vllm/config/kv_events.py).
 *
 * @param endpoint ZMQ endpoint
 * @param replayEndpoint where replay is served, always bound; null for none
 * @param bufferSteps batches kept for replay
 * @param highWaterMark messages a slow subscriber may lag
 * @param maxQueueSize batches waiting for the socket thread; more are dropped and counted
 * @param topic first frame of every message
 * @param encoding wire form of events
 * @param bind listen on the endpoint instead of connecting to it, see {@link #binds}
 */
public record KvEventsConfig(
    String endpoint,
    @Nullable String replayEndpoint,
    int bufferSteps,
    int highWaterMark,
    int maxQueueSize,
    String topic,
    EventEncoding encoding,
    boolean bind) {
  /** vLLM's default endpoint. */
  public static final String DEFAULT_ENDPOINT = "tcp://*:5557";

  public KvEventsConfig {
    if (bufferSteps < 0 || highWaterMark < 0 || maxQueueSize < 1) {
      throw new IllegalArgumentException(
          "buffer_steps "
              + bufferSteps
              + " and hwm "
              + highWaterMark
              + " must be >= 0 and"
              + " max_queue_size "
              + maxQueueSize
              + " must be >= 1");
    }
  }

  /** vLLM's rule for who listens: wildcards, ipc and inproc are bound, the rest connected to. */
  public static boolean binds(String endpoint) {
    return endpoint.contains("*")
        || endpoint.contains("::")
        || endpoint.startsWith("ipc://")
        || endpoint.startsWith("inproc://");
  }
}
