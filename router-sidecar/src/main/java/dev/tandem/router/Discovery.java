package dev.tandem.router;

import dev.tandem.router.peers.Peer;
import java.nio.file.Path;
import java.util.List;

/** Where a router learns who else is in its pool. */
public sealed interface Discovery {

  /** These endpoints and no others. */
  record Fixed(List<Peer> endpoints) implements Discovery {
    public Fixed {
      endpoints = List.copyOf(endpoints);
      if (endpoints.stream().map(Peer::name).distinct().count() < endpoints.size()) {
        throw new IllegalArgumentException("endpoints: every name may be used once");
      }
    }
  }

  /** The API server a kubeconfig file names. */
  record Kubeconfig(Path file) implements Discovery {}

  /**
   * The API server of the cluster this pod runs in.
   *
   * @param host API server address
   * @param port API server port
   * @param account directory with {@code token} and {@code ca.crt}
   */
  record InCluster(String host, int port, Path account) implements Discovery {}

  /** Nothing to ask: the own engine is all there is, and the reason is reported. */
  record Unavailable(String reason) implements Discovery {}
}
