package dev.tandem.router.peers;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Ports;
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
 * @param compatibility digest of what engines must share to exchange cache, or null when unknown
 * @param pod the pod it runs in: {@code name} but where a pod has several engines
 * @param servingPort where its clients send requests
 * @param draining whether its pod is being deleted: what it has goes on, nothing new is sent
 */
public record Peer(
    String name,
    String host,
    int port,
    Kind kind,
    Role role,
    @Nullable String group,
    @Nullable String model,
    @Nullable LocalityPath locality,
    @Nullable String compatibility,
    String pod,
    int servingPort,
    boolean draining) {

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

  /** A peer of which no more is known; a router's clients are taken to use the usual port. */
  public Peer(
      String name,
      String host,
      int port,
      Kind kind,
      Role role,
      @Nullable String group,
      @Nullable String model,
      @Nullable LocalityPath locality) {
    this(
        name,
        host,
        port,
        kind,
        role,
        group,
        model,
        locality,
        null,
        name,
        kind == Kind.ENGINE ? port : Ports.SERVING,
        false);
  }

  /** {@code host:port} for other routers. */
  public String address() {
    return at(port);
  }

  /** {@code host:port} for clients, as pickers name it. */
  public String servingAddress() {
    return at(servingPort);
  }

  private String at(int number) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + number;
  }

  public Peer withServingPort(int number) {
    return new Peer(
        name, host, port, kind, role, group, model, locality, compatibility, pod, number, draining);
  }

  /** The same pod, as discovery sees what it cannot know of itself. */
  Peer asSeen(Peer seen) {
    return new Peer(
        name,
        host,
        port,
        kind,
        role,
        group,
        model,
        locality,
        seen.compatibility,
        pod,
        servingPort,
        seen.draining);
  }
}
