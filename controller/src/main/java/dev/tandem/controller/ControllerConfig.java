package dev.tandem.controller;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All the controller process is told. Immutable; checked before anything is opened.
 *
 * @param host address to listen on
 * @param port to listen on, for health and metrics; 0 for any free one
 * @param namespace where we run: the Lease is there, and its pods are never touched
 * @param lease name of the Lease that one replica holds; null: there is no other replica
 * @param identity of this replica in the Lease
 * @param topologyFile describes nodes that have no labels, or the folder where a ConfigMap with it
 *     is mounted; null: labels only
 */
public record ControllerConfig(
    String host,
    int port,
    String namespace,
    @Nullable String lease,
    String identity,
    @Nullable Path topologyFile) {

  /** The namespace of the manifests. */
  public static final String NAMESPACE = "tandem-system";

  /** The Lease of the manifests. */
  public static final String LEASE = "tandem-controller";

  public ControllerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: \"%d\": accepted are 0 to 65535".formatted(port));
    }
    if (lease != null && !lease.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "lease: \"%s\": accepted is a name of lower-case letters, digits, '-' and '.'"
              .formatted(lease));
    }
  }

  /** Namespaces whose pods are never touched. */
  Set<String> excludedNamespaces() {
    return Set.of("kube-system", namespace);
  }
}
