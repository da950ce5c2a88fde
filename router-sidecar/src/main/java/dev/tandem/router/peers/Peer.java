package dev.tandem.router.peers;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/**
 * A member of the pool. Immutable.
 *
 * @param name pod name, unique in the pool
 * @param host IP address
 * @param port where requests for it go: its router's peer port, or its engine's port
 * @param kind what listens on that port
 * @param role what it does in its group
 * @param group the group it exchanges cache in, or null
 * @param model served model name, or null when unknown
 * @param locality where it runs, or null when unknown
 */
public record Peer(
    String name,
    String host,
    int port,
    Kind kind,
    Role role,
    @Nullable String group,
    @Nullable String model,
    @Nullable LocalityPath locality) {

  /** What listens on a peer's port. */
  public enum Kind {
    /** A router of ours, which knows the two-step exchange and streams its state. */
    SIDECAR,
    /** A bare engine, for which this router does the exchange. */
    ENGINE
  }

  public Peer {
    if (name.isBlank() || host.isBlank()) {
      throw new IllegalArgumentException("a peer needs a name and a host: '" + name + "' " + host);
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " of peer " + name + "; accepted: 1 to 65535");
    }
  }

  /** {@code host:port}, as control headers carry it. */
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
