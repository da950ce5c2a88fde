package dev.tandem.router;

import dev.tandem.api.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a router is told, validated. Immutable.
 *
 * @param pod the router's own pod name, as peers and response headers show it
 * @param namespace the namespace peers are looked for in
 * @param listenHost address both ports bind; unless it is a wildcard, connections to other pods
 *     come from it too, which is how their peer ports know a member of the pool
 * @param host address at which peers reach this pod: its IP
 * @param port public port; 0 for any free one
 * @param peerPort peer port; 0 for any free one
 * @param engineHost address of the own engine
 * @param enginePort port of the own engine; 0 for a gateway, which has none
 * @param role what the own engine does in its group
 * @param group the group it exchanges cache in, or null
 * @param pool value of the label by which peers are found
 * @param model served model name
 * @param kvBytesPerToken KV cache bytes a token over the whole model, or 0 to take the model's
 * @param tensorParallel tensor-parallel size of the pool's engines
 * @param localityFile file with the own locality path, or null
 * @param trustedPeers addresses that may use the peer port without being in the pool (gateways)
 * @param routing how requests are told apart and chosen for
 * @param index where the engines' caches are known from
 * @param speedUp how many times faster than life the engines run; 1 but for stand-ins
 * @param discovery where peers are learnt from
 * @param limits bounds and time limits
 * @param observer is told what becomes of each request
 */
public record RouterConfig(
    String pod,
    String namespace,
    String listenHost,
    String host,
    int port,
    int peerPort,
    String engineHost,
    int enginePort,
    Role role,
    @Nullable String group,
    String pool,
    String model,
    long kvBytesPerToken,
    int tensorParallel,
    @Nullable Path localityFile,
    List<String> trustedPeers,
    Routing routing,
    IndexConfig index,
    double speedUp,
    Discovery discovery,
    Limits limits,
    RequestObserver observer) {

  public RouterConfig {
    trustedPeers = List.copyOf(trustedPeers);
    if (pod.isBlank()) {
      throw new IllegalArgumentException("pod is empty; accepted: the router's own pod name");
    }
    port("port", port);
    port("peerPort", peerPort);
    port("enginePort", enginePort);
    if (kvBytesPerToken < 0) {
      throw new IllegalArgumentException(
          "kvBytesPerToken " + kvBytesPerToken + "; accepted: 0 (the model's) or more");
    }
    if (tensorParallel < 1) {
      throw new IllegalArgumentException(
          "tensorParallel " + tensorParallel + "; accepted: 1 or more");
    }
    if (!(speedUp > 0 && Double.isFinite(speedUp))) {
      throw new IllegalArgumentException("speedUp " + speedUp + "; accepted: above 0");
    }
  }

  /**
   * Reads the arguments and environment of a router container, as the webhook writes them.
   *
   * @throws IllegalArgumentException for an unknown flag or a bad value, naming what is accepted
   */
  public static RouterConfig parse(List<String> args, Map<String, String> env) {
    return RouterFlags.parse(args, env);
  }

  public RouterConfig withObserver(RequestObserver other) {
    return with(draft -> draft.observer = other);
  }

  public RouterConfig withSpeedUp(double other) {
    return with(draft -> draft.speedUp = other);
  }

  public RouterConfig withIndex(IndexConfig other) {
    return with(draft -> draft.index = other);
  }

  public RouterConfig withDiscovery(Discovery other) {
    return with(draft -> draft.discovery = other);
  }

  public RouterConfig withEnginePort(int other) {
    return with(draft -> draft.enginePort = other);
  }

  public RouterConfig withGroup(@Nullable String other) {
    return with(draft -> draft.group = other);
  }

  public RouterConfig withTrustedPeers(List<String> other) {
    return with(draft -> draft.trustedPeers = other);
  }

  public RouterConfig withPool(String other) {
    return with(draft -> draft.pool = other);
  }

  public RouterConfig withRouting(Routing other) {
    return with(draft -> draft.routing = other);
  }

  public RouterConfig withLimits(Limits other) {
    return with(draft -> draft.limits = other);
  }

  private RouterConfig with(Consumer<RouterDraft> change) {
    RouterDraft draft = new RouterDraft(this);
    change.accept(draft);
    return draft.config();
  }

  /** The address connections to other pods come from, or null for the system's choice. */
  public @Nullable String localAddress() {
    return RouterFlags.wildcard(listenHost) ? null : listenHost;
  }

  /** Whether there is an engine behind this router. */
  public boolean hasEngine() {
    return enginePort != 0;
  }

  private static void port(String name, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(name + " " + port + "; accepted: 0 to 65535");
    }
  }
}
