package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Declares every port of a pod on its node's network as a host port, so that the scheduler puts no
 * second pod that wants one of them on the node. Pods that should share a node get ports of their
 * own with {@code port-offset}.
 */
final class HostPorts implements Rule {

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
    if (draft.plan().completesArguments()) {
      wanted(draft)
          .forEach((port, name) -> {
            if (EnginePortEntry.declared(draft.engine(), port) == null) {
              entries
                  .addObject()
                  .put("name", name)
                  .put("containerPort", port)
                  .put("protocol", "TCP");
              draft.did(this, "declared port %d as %s".formatted(port, name));
            }
          });
    }
    onHost(entries);
    ObjectNode router = RouterSidecar.in(draft.pod());
    if (router != null) {
      onHost(router.path("ports"));
    }
    draft.warn("hostNetwork: a second pod on a node needs another " + Keys.PORT_OFFSET);
  }

  private static Map<Integer, String> wanted(Draft draft) {
    Map<Integer, String> wanted = new LinkedHashMap<>();
    Plan plan = draft.plan();
    int index = 0;
    for (int port :
        plan.wishes().splitsPrefillFromDecode()
            ? plan.ports().sideChannels()
            : List.<Integer>of()) {
      wanted.put(port, "nixl-" + index++);
    }
    if (plan.withRouter()) {
      for (int rank = 0; rank < plan.ports().ranks() && rank < 8; rank++) {
        int place = plan.ports().firstRank() + rank;
        wanted.put(plan.ports().events() + place, "kv-events-" + rank);
        wanted.put(plan.ports().replay() + place, "kv-replay-" + rank);
      }
    }
    return wanted;
  }

  private static void onHost(JsonNode entries) {
    for (JsonNode entry : entries) {
      if (entry instanceof ObjectNode object && object.path("containerPort").asInt() > 0) {
        object.put("hostPort", object.path("containerPort").asInt());
      }
    }
  }
}
