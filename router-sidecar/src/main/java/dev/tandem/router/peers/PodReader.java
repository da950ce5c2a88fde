package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/** Reads a pod of the API server as a member of the pool. Stateless. */
final class PodReader {

  private PodReader() {}

  static String name(JsonNode pod) {
    return pod.path("metadata").path("name").asText("");
  }

  /** The peer a pod is, or null while it is not ready, or on its way out. */
  static @Nullable Peer peer(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    String address = pod.path("status").path("podIP").asText("");
    Role role = role(metadata);
    if (address.isEmpty() || role == null || metadata.hasNonNull("deletionTimestamp")) {
      return null;
    }
    if (!ready(pod)) {
      return null;
    }
    JsonNode annotations = metadata.path("annotations");
    boolean bare = annotations.path(Keys.ROUTER).asText("").equals("none");
    int port =
        bare
            ? annotations.path(Keys.PORT).asInt(Ports.SERVING)
            : namedPort(pod, "peer", Ports.PEER);
    if (port < 1 || port > 65535) {
      return null;
    }
    return new Peer(
        name(pod),
        address,
        port,
        bare ? Peer.Kind.ENGINE : Peer.Kind.SIDECAR,
        role,
        text(metadata.path("labels"), Keys.GROUP),
        text(annotations, Keys.MODEL),
        locality(annotations));
  }

  /** The label is ours and can be selected on; the annotation is the user's. */
  private static @Nullable Role role(JsonNode metadata) {
    String value = text(metadata.path("labels"), Keys.ROLE);
    if (value == null) {
      value = text(metadata.path("annotations"), Keys.ROLE);
    }
    return value == null ? Role.BOTH : Role.parse(value);
  }

  private static boolean ready(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText("").equals("Ready")) {
        return condition.path("status").asText("").equals("True");
      }
    }
    return false;
  }

  private static int namedPort(JsonNode pod, String name, int otherwise) {
    for (String containers : new String[] {"initContainers", "containers"}) {
      for (JsonNode container : pod.path("spec").path(containers)) {
        for (JsonNode port : container.path("ports")) {
          if (port.path("name").asText("").equals(name)) {
            return port.path("containerPort").asInt(otherwise);
          }
        }
      }
    }
    return otherwise;
  }

  /** A stamp that is no path makes the link unknown; it is never trusted further. */
  private static @Nullable LocalityPath locality(JsonNode annotations) {
    String value = text(annotations, Keys.LOCALITY);
    return value != null && LocalityPath.parse(value) instanceof LocalityPath.Valid valid
        ? valid.path()
        : null;
  }

  private static @Nullable String text(JsonNode object, String key) {
    return object.hasNonNull(key) ? object.path(key).asText() : null;
  }
}
