package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.Ports;
import dev.tandem.webhook.annotations.Quantity;
import dev.tandem.webhook.annotations.RouterOptions;
import dev.tandem.webhook.annotations.Wishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the router in front as a native sidecar: first of the init containers (behind those of
 * meshes), restarted always, so it starts before vLLM and stops after it; on old clusters the last
 * of the regular containers. It has no startup probe: one that waited for vLLM would wait for ever,
 * since vLLM starts only after the sidecar has.
 *
 * <p>The container meets the restricted Pod Security standard whatever the pod does.
 */
final class RouterSidecar implements Rule {

  /** The container's name. */
  static final String NAME = "tandem-router";

  private static final String PEER_PORT_NAME = "peer";
  private static final String SERVING_PORT_NAME = "http";

  /** Where vLLM keeps its port and its name, Services find the router by this one. */
  private static final String BESIDE_PORT_NAME = "tandem";

  /** Init containers of Istio, Linkerd and Cloud Storage FUSE that come before everything else. */
  private static final Set<String> MESHES =
      Set.of(
          "istio-validation",
          "istio-init",
          "istio-proxy",
          "linkerd-network-validator",
          "linkerd-init",
          "linkerd-proxy",
          "gke-gcsfuse-sidecar",
          "gke-gcsfuse-metadata-prefetch");

  @Override
  public String name() {
    return "router-sidecar";
  }

  @Override
  public String condition() {
    return "router: sidecar";
  }

  @Override
  public String reason() {
    return "somebody has to choose the engines of a request";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().withRouter()) {
      if (!draft.plan().wishes().routerOptions().flags().isEmpty()) {
        draft.warn(Keys.ROUTER_OPTIONS + " was ignored: the pod gets no router");
      }
      return;
    }
    if (natively(draft)) {
      ArrayNode containers = draft.spec().withArrayProperty("initContainers");
      containers.insert(behindMeshes(containers), container(draft));
    } else {
      draft.spec().withArrayProperty("containers").add(container(draft));
      if (draft.spec().path("restartPolicy").asText("Always").equals("OnFailure")
          || draft.spec().path("restartPolicy").asText("Always").equals("Never")) {
        draft.warn("a regular sidecar does not end with vLLM: a Job with it never completes");
      }
    }
    String options = String.join(" ", options(draft).flags());
    draft.did(
        this,
        "%s (%s) in front%s"
            .formatted(
                NAME, draft.config().routerImage(), options.isEmpty() ? "" : " with " + options));
    SidecarVolumes.addTo(draft);
  }

  private static boolean natively(Draft draft) {
    Boolean asked = draft.plan().wishes().nativeSidecar();
    return asked != null ? asked : draft.config().sidecar() == SidecarKind.NATIVE;
  }

  /** First, but behind what sets a pod's network or its volumes up: our router uses both. */
  private static int behindMeshes(ArrayNode containers) {
    int place = 0;
    for (int i = 0; i < containers.size(); i++) {
      if (MESHES.contains(containers.path(i).path("name").asText())) {
        place = i + 1;
      }
    }
    return place;
  }

  /** Our container; null where there is none. */
  static @Nullable ObjectNode in(JsonNode pod) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container instanceof ObjectNode object && object.path("name").asText().equals(NAME)) {
          return object;
        }
      }
    }
    return null;
  }

  /** Whether the pod has a container of this name, ours or not. */
  static boolean presentIn(JsonNode pod) {
    return in(pod) != null;
  }

  private static ObjectNode container(Draft draft) {
    ObjectNode container = draft.pod().objectNode();
    container.put("name", NAME).put("image", draft.config().routerImage());
    if (natively(draft)) {
      container.put("restartPolicy", "Always");
    }
    ArrayNode args = container.putArray("args");
    arguments(draft.plan()).forEach(args::add);
    options(draft).flags().forEach(args::add);
    environment(container);
    ports(container, draft);
    resources(container, draft.plan().wishes());
    // Both on the port clients use: readiness follows the engine, liveness only the router.
    probe(container, "readinessProbe", "/readyz", draft.plan().ports().serving());
    probe(container, "livenessProbe", "/healthz", draft.plan().ports().serving());
    restrict(container, draft);
    SidecarVolumes.mountIn(container, draft.pod());
    return container;
  }

  private static List<String> arguments(Plan plan) {
    List<String> args = new ArrayList<>();
    args.add("router");
    args.add("--port=" + plan.ports().serving());
    args.add("--peer-port=" + plan.ports().peer());
    args.add("--engine-port=" + plan.ports().engine());
    if (plan.ports().firstEvents() != Ports.EVENTS) {
      args.add("--events-port=" + plan.ports().firstEvents());
    }
    if (plan.ports().firstReplay() != Ports.EVENTS_REPLAY) {
      args.add("--replay-port=" + plan.ports().firstReplay());
    }
    args.add("--role=" + plan.wishes().role().label());
    if (plan.wishes().group() != null) {
      args.add("--group=" + plan.wishes().group());
    }
    args.add("--pool=" + plan.pool());
    args.add("--model=" + plan.model());
    args.add("--kv-bytes-per-token=" + plan.kvBytesPerToken());
    args.add("--tensor-parallel=" + plan.tensorParallel());
    args.add("--locality-file=" + SidecarVolumes.LOCALITY_FILE);
    return args;
  }

  private static RouterOptions options(Draft draft) {
    return draft.plan().wishes().routerOptions().over(draft.config().routerOptions());
  }

  private static void environment(ObjectNode container) {
    ArrayNode env = container.putArray("env");
    env.add(Environment.fromField(container, "POD_NAME", "metadata.name"));
    env.add(Environment.fromField(container, "POD_NAMESPACE", "metadata.namespace"));
    env.add(Environment.fromField(container, "POD_IP", "status.podIP"));
  }

  /** The port clients use comes with the name, host port and all that it had on vLLM. */
  private static void ports(ObjectNode container, Draft draft) {
    PortMap ports = draft.plan().ports();
    ObjectNode declared = EnginePortEntry.declared(draft.engine(), ports.original());
    ObjectNode serving = container.objectNode();
    if (!ports.moves()) {
      serving.put("name", BESIDE_PORT_NAME).put("protocol", "TCP");
    } else if (declared != null) {
      serving.setAll(declared.deepCopy());
    } else {
      serving.put("name", SERVING_PORT_NAME).put("protocol", "TCP");
    }
    serving.put("containerPort", ports.serving());
    boolean onHost = draft.spec().path("hostNetwork").asBoolean();
    if (onHost && serving.has("hostPort")) {
      serving.put("hostPort", ports.serving());
    }
    ObjectNode peer = container.objectNode().put("name", PEER_PORT_NAME);
    peer.put("containerPort", ports.peer()).put("protocol", "TCP");
    container.putArray("ports").add(serving).add(peer);
  }

  private static void resources(ObjectNode container, Wishes wishes) {
    ObjectNode resources = container.putObject("resources");
    quantities(resources.putObject("requests"), wishes.resources().requests());
    quantities(resources.putObject("limits"), wishes.resources().limits());
  }

  private static void quantities(ObjectNode target, SortedMap<String, Quantity> quantities) {
    for (Map.Entry<String, Quantity> quantity : quantities.entrySet()) {
      target.put(quantity.getKey(), quantity.getValue().text());
    }
  }

  private static void probe(ObjectNode container, String probe, String path, int port) {
    ObjectNode node = container.putObject(probe);
    node.putObject("httpGet").put("path", path).put("port", port);
    node.put("periodSeconds", 5).put("timeoutSeconds", 2).put("failureThreshold", 3);
  }

  private static void restrict(ObjectNode container, Draft draft) {
    ObjectNode security = container.putObject("securityContext");
    security.put("allowPrivilegeEscalation", false);
    security.putObject("capabilities").putArray("drop").add("ALL");
    security.put("readOnlyRootFilesystem", true);
    draft.config().sidecarUser().writeTo(security, draft.pod(), draft.engine());
    security.putObject("seccompProfile").put("type", "RuntimeDefault");
  }
}
