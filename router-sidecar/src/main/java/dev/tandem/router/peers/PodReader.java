package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a pod of the API server as members of the pool. Stateless. */
final class PodReader {

  private PodReader() {}

  static String name(JsonNode pod) {
    return pod.path("metadata").path("name").asText("");
  }

  /**
   * The engines of a pod: one, or one a port where it has several for this pool; none while it is
   * not ready.
   */
  static List<Peer> peers(JsonNode pod, String poolName) {
    Peer whole = peer(pod);
    if (whole == null) {
      return List.of();
    }
    List<PodPort> ports = PodPort.read(pod.path("metadata").path("annotations"));
    if (ports.size() < 2) {
      return List.of(whole);
    }
    List<Peer> engines = new ArrayList<>();
    for (int rank = 0; rank < ports.size(); rank++) {
      PodPort port = ports.get(rank);
      if (port.serves(poolName)) {
        engines.add(engine(whole, rank, port));
      }
    }
    return engines;
  }

  /** None of several engines gives up its port to a router, so each is reached directly. */
  private static Peer engine(Peer pod, int rank, PodPort port) {
    Role role = role(port);
    return new Peer(
        pod.name() + "-rank-" + rank,
        pod.host(),
        port.number(),
        Peer.Kind.ENGINE,
        role == null ? pod.role() : role,
        port.attribute("group", pod.group()),
        port.attribute("model", pod.model()),
        pod.locality(),
        pod.compatibility(),
        pod.name(),
        port.number(),
        pod.draining());
  }

  private static @Nullable Role role(PodPort port) {
    String value = port.attribute("role", null);
    return value == null ? null : Role.parse(value);
  }

  private static @Nullable Peer peer(JsonNode pod) {
    JsonNode metadata = pod.path("metadata");
    String address = pod.path("status").path("podIP").asText("");
    Role role = role(metadata);
    boolean draining = metadata.hasNonNull("deletionTimestamp");
    // A pod on its way out is not ready any more, and still ends what it has.
    if (address.isEmpty() || role == null || !(draining || ready(pod))) {
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
        locality(annotations),
        text(metadata.path("labels"), Keys.COMPATIBILITY),
        name(pod),
        servingPort(annotations, port, bare),
        draining);
  }

  private static int servingPort(JsonNode annotations, int port, boolean bare) {
    int serving = bare ? port : annotations.path(Keys.PORT).asInt(Ports.SERVING);
    return serving < 1 || serving > 65535 ? port : serving;
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
