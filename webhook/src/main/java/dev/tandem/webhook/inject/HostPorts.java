package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Connector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Declares every port of a pod on its node's network as a host port, so that the scheduler puts no
 * second pod that wants one of them on the node. Pods that should share a node get ports of their
 * own with {@code port-offset}.
 */
final class HostPorts implements Rule {

  /** More data-parallel engines than a node has GPUs do not run in one pod. */
  private static final int MOST_RANKS = 16;

  @Override
  public String name() {
    return "host-ports";
  }

  @Override
  public String condition() {
    return "hostNetwork";
  }

  @Override
  public String reason() {
    return "two pods on one node would want the same ports, and the second would not start";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.spec().path("hostNetwork").asBoolean()) {
      return;
    }
    ArrayNode entries = draft.engine().withArrayProperty("ports");
    wanted(draft)
        .forEach((port, name) -> {
          if (draft.engines().stream().allMatch(e -> EnginePortEntry.declared(e, port) == null)) {
            entries.addObject().put("name", name).put("containerPort", port).put("protocol", "TCP");
            draft.did(this, "declared port %d as %s".formatted(port, name));
          }
        });
    draft.engines().forEach(engine -> onHost(engine.path("ports")));
    ObjectNode router = RouterSidecar.in(draft.pod());
    if (router != null) {
      onHost(router.path("ports"));
    }
    draft.warn("hostNetwork: a second pod on a node needs another " + Keys.PORT_OFFSET);
  }

  /** Every port that will be listened on. */
  private static Map<Integer, String> wanted(Draft draft) {
    Map<Integer, String> wanted = new LinkedHashMap<>();
    Plan plan = draft.plan();
    PortMap ports = plan.ports();
    for (VirtualEndpoint endpoint : plan.endpoints()) {
      wanted.put(endpoint.number(), "engine-" + endpoint.number());
    }
    if (!plan.completesArguments()) {
      return wanted;
    }
    wanted.put(ports.engine(), "engine");
    if (plan.wishes().splitsPrefillFromDecode()
        && plan.wishes().connector() != Connector.MOONCAKE) {
      for (int port : ports.sideChannels()) {
        wanted.put(port, "nixl-" + (port - ports.sideChannel()));
      }
    }
    if (plan.withRouter()) {
      for (int rank = 0; rank < Math.min(ports.ranks(), MOST_RANKS); rank++) {
        int place = ports.firstRank() + rank;
        wanted.put(ports.events() + place, "kv-events-" + rank);
        wanted.put(ports.replay() + place, "kv-replay-" + rank);
      }
    }
    asConfigured(draft, wanted);
    return wanted;
  }

  /** Ports that other settings open: of encoders, of Mooncake, between the pods of one engine. */
  private static void asConfigured(Draft draft, Map<Integer, String> wanted) {
    for (String name : List.of("VLLM_EC_SIDE_CHANNEL_PORT", "VLLM_MOONCAKE_BOOTSTRAP_PORT")) {
      String port = draft.environment().value(name);
      if (port != null && port.matches("[1-9][0-9]{0,4}")) {
        wanted.putIfAbsent(Integer.parseInt(port), name.contains("EC") ? "encoder" : "mooncake");
      }
    }
    CommandLine line = draft.commandLine();
    if (line.has("--data-parallel-address") || line.value("-dpa") != null) {
      wanted.putIfAbsent(line.number(29_550, "--data-parallel-rpc-port", "-dpp"), "dp-rpc");
    }
    if (line.has("--data-parallel-multi-port-external-lb")) {
      wanted.putIfAbsent(line.number(9_256, "--data-parallel-supervisor-port"), "dp-supervisor");
    }
    if (line.has("--nnodes")) {
      wanted.putIfAbsent(line.number(29_501, "--master-port"), "master");
    }
  }

  private static void onHost(JsonNode entries) {
    for (JsonNode entry : entries) {
      if (entry instanceof ObjectNode object && object.path("containerPort").asInt() > 0) {
        object.put("hostPort", object.path("containerPort").asInt());
      }
    }
  }
}
