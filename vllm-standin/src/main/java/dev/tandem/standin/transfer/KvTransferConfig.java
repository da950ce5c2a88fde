package dev.tandem.standin.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.flags.StrictObject;
import dev.tandem.standin.flags.UsageError;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's {@code --kv-transfer-config} for the NIXL pull connector (vllm/config/kv_transfer.py).
 * Keys that are not vLLM's are refused.
 *
 * @param engineId null: a random one at every start
 * @param role {@code kv_producer}, {@code kv_consumer} or {@code kv_both}; as in vLLM it restricts
 *     nothing with NIXL
 * @param recomputeOnLoadFailure policy {@code recompute} instead of {@code fail}
 * @param lease how long blocks wait for their reader
 * @param enforceCompatibility false: pair with engines of another compatibility hash too
 * @param crossLayers part of the compatibility hash
 */
public record KvTransferConfig(
    @Nullable String engineId,
    String role,
    boolean recomputeOnLoadFailure,
    Duration lease,
    boolean enforceCompatibility,
    boolean crossLayers) {
  private static final String FLAG = "--kv-transfer-config";

  private static final Set<String> KEYS =
      Set.of(
          "kv_connector",
          "engine_id",
          "kv_buffer_device",
          "kv_buffer_size",
          "kv_role",
          "kv_rank",
          "kv_parallel_size",
          "kv_ip",
          "kv_port",
          "kv_connector_extra_config",
          "kv_connector_module_path",
          "enable_permute_local_kv",
          "kv_load_failure_policy");

  private static final Set<String> EXTRA_KEYS =
      Set.of(
          "backends",
          "kv_lease_duration",
          "bidirectional_kv_xfer",
          "kv_recompute_threshold",
          "decoder_kv_blocks_ttl",
          "push_registration_timeout",
          "enforce_handshake_compat",
          "enable_cross_layers_blocks",
          "num_threads",
          "engine_ttl");

  private static final Set<String> CONNECTORS = Set.of("NixlConnector", "NixlPullConnector");
  private static final Set<String> ROLES = Set.of("kv_producer", "kv_consumer", "kv_both");

  /** vLLM's lease: 30 s. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

  /**
   * Reads the flag's object.
   *
   * @return null when it names no connector
   * @throws UsageError for unknown keys, wrong types, a connector the stand-in has not
   */
  public static @Nullable KvTransferConfig of(ObjectNode object) {
    StrictObject config = new StrictObject(FLAG, object, KEYS);
    String connector = config.text("kv_connector");
    String role = config.text("kv_role");
    if (connector == null) {
      return null;
    }
    if (!CONNECTORS.contains(connector)) {
      throw new UsageError(
          "argument "
              + FLAG
              + ": the stand-in has no connector '"
              + connector
              + "', accepted: NixlConnector, NixlPullConnector");
    }
    if (role == null) {
      throw new UsageError(
          "argument "
              + FLAG
              + ": Please specify kv_role when kv_connector is set, accepted: "
              + "kv_producer, kv_consumer, kv_both");
    }
    String policy = config.choice("kv_load_failure_policy", "fail", Set.of("fail", "recompute"));
    checkIgnored(config);
    StrictObject extra =
        new StrictObject(
            FLAG + ".kv_connector_extra_config",
            config.object("kv_connector_extra_config"),
            EXTRA_KEYS);
    if (extra.flag("bidirectional_kv_xfer", false)) {
      throw new UsageError(
          "argument " + FLAG + ": the stand-in has no bidirectional_kv_xfer, accepted: false");
    }
    double lease = extra.positive("kv_lease_duration", (double) DEFAULT_LEASE.toSeconds());
    return new KvTransferConfig(
        config.text("engine_id"),
        config.choice("kv_role", role, ROLES),
        policy.equals("recompute"),
        Duration.ofMillis(Math.round(lease * 1000)),
        extra.flag("enforce_handshake_compat", true),
        extra.flag("enable_cross_layers_blocks", false));
  }

  /** Time between two heartbeats of a reader: a sixth of the lease. */
  public Duration heartbeat() {
    return lease.dividedBy(6);
  }

  /** What a heartbeat extends the lease to, from now: two thirds of it. */
  public Duration extension() {
    return lease.multipliedBy(2).dividedBy(3);
  }

  private static void checkIgnored(StrictObject config) {
    config.text("kv_buffer_device");
    config.positive("kv_buffer_size", 1e9);
    config.integer("kv_rank", 0, 0);
    config.integer("kv_parallel_size", 1, 1);
    config.text("kv_ip");
    config.integer("kv_port", 14579, 0);
    config.text("kv_connector_module_path");
    config.flag("enable_permute_local_kv", false);
  }
}
