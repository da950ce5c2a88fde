package dev.tandem.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.events.EventEncoding;
import dev.tandem.standin.events.KvEventsConfig;
import dev.tandem.standin.flags.StrictObject;
import dev.tandem.standin.flags.UsageError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code --kv-events-config}; keys that are not vLLM's are refused. */
final class EventFlags {
  private static final String FLAG = "--kv-events-config";
  private static final Set<String> KEYS =
      Set.of(
          "enable_kv_cache_events",
          "publisher",
          "endpoint",
          "replay_endpoint",
          "buffer_steps",
          "hwm",
          "max_queue_size",
          "topic");

  private EventFlags() {}

  /**
   * The configuration, null when events are off.
   *
   * @param podIp a loopback pod address takes the place of {@code *} and of 127.0.0.1: the pods of
   *     a local run share one network, and with it what would be each pod's own loopback address
   * @param rank data parallel rank, added to the ports as vLLM does
   */
  static @Nullable KvEventsConfig read(
      ObjectNode object, EventEncoding encoding, @Nullable String podIp, int rank) {
    StrictObject config = new StrictObject(FLAG, object, KEYS);
    boolean enabled = config.flag("enable_kv_cache_events", false);
    String publisher = config.choice("publisher", enabled ? "zmq" : "null", Set.of("null", "zmq"));
    String endpoint = config.text("endpoint");
    String replay = config.text("replay_endpoint");
    String topic = config.text("topic");
    KvEventsConfig read =
        new KvEventsConfig(
            local(endpoint == null ? KvEventsConfig.DEFAULT_ENDPOINT : endpoint, podIp, rank),
            replay == null ? null : local(replay, podIp, rank),
            config.integer("buffer_steps", 10_000, 0),
            config.integer("hwm", 100_000, 0),
            config.integer("max_queue_size", 100_000, 1),
            topic == null ? "" : topic,
            encoding,
            KvEventsConfig.binds(endpoint == null ? KvEventsConfig.DEFAULT_ENDPOINT : endpoint));
    return enabled && publisher.equals("zmq") ? read : null;
  }

  private static String local(String endpoint, @Nullable String podIp, int rank) {
    if (!endpoint.matches("(tcp://.+:\\d+)|((ipc|inproc)://.+)")) {
      throw new UsageError(
          "argument "
              + FLAG
              + ": endpoint '"
              + endpoint
              + "', accepted: tcp://host:port, ipc://path, inproc://name");
    }
    String here =
        podIp != null && podIp.startsWith("127.")
            ? endpoint.replaceFirst("//(\\*|127\\.0\\.0\\.1):", "//" + podIp + ":")
            : endpoint;
    int colon = here.lastIndexOf(':');
    if (!here.startsWith("tcp:")) {
      return rank == 0 ? here : here + "_dp" + rank;
    }
    int port = Integer.parseInt(here.substring(colon + 1));
    return here.substring(0, colon + 1) + (port == 0 ? 0 : port + rank);
  }
}
