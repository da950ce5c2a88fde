package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.Ports;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.Wishes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks that the ports the injection takes are free in the pod: its containers share them. */
final class PortCheck {

  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private PortCheck() {}

  static void check(
      JsonNode pod,
      ObjectNode engine,
      Wishes wishes,
      EngineFacts facts,
      List<Problem> problems,
      List<String> warnings) {
    if (wishes.router() == RouterMode.NONE) {
      return;
    }
    Integer asked = wishes.port();
    int serving = asked != null ? asked : facts.port();
    Map<Integer, String> taken = new LinkedHashMap<>();
    take(taken, Ports.PEER, Keys.ROUTER, "between routers", problems);
    if (new CommandLine(engine).has(KvEventsConfig.FLAG)) {
      warnings.add(
          KvEventsConfig.FLAG + " is kept as you set it: the router may not see its events");
    } else {
      take(taken, Ports.EVENTS, Keys.ROUTER, "KV events", problems);
      take(taken, Ports.EVENTS_REPLAY, Keys.ROUTER, "KV event replay", problems);
    }
    if (wishes.splitsPrefillFromDecode()) {
      take(taken, Ports.NIXL_SIDE_CHANNEL, Keys.ROUTER, "NIXL side channel", problems);
    }
    take(taken, serving, Keys.PORT, "clients", problems);
    take(taken, wishes.enginePort(), Keys.ENGINE_PORT, "vLLM behind the router", problems);
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        checkContainer(container, container == engine, facts, taken, problems);
      }
    }
    if (RouterSidecar.presentIn(pod)) {
      problems.add(
          new Problem(
              "spec.containers",
              RouterSidecar.NAME,
              "this name is the router's; rename the container, or set " + Keys.ROUTER + ": none"));
    }
    if (serving < FIRST_UNPRIVILEGED_PORT) {
      warnings.add(
          "port %d: the router runs unprivileged and needs net.ipv4.ip_unprivileged_port_start"
              .formatted(serving));
    }
    if (pod.path("spec").path("hostNetwork").asBoolean()) {
      warnings.add("hostNetwork: ports %s must be free on the node".formatted(taken.keySet()));
    }
    for (String probe : MovedProbes.PROBES) {
      if (engine.path(probe).path("exec").toString().contains(":" + facts.port())) {
        warnings.add(
            "%s asks port %d, where the router now listens".formatted(probe, facts.port()));
      }
    }
  }

  private static void take(
      Map<Integer, String> taken, int port, String key, String use, List<Problem> problems) {
    String other = taken.putIfAbsent(port, use);
    if (other != null) {
      problems.add(
          new Problem(
              key,
              Integer.toString(port),
              "taken by '%s'; accepted is another port".formatted(other)));
    }
  }

  private static void checkContainer(
      JsonNode container,
      boolean engine,
      EngineFacts facts,
      Map<Integer, String> taken,
      List<Problem> problems) {
    for (JsonNode port : container.path("ports")) {
      int number = port.path("containerPort").asInt();
      boolean moves = engine && number == facts.port();
      boolean alreadySo = engine && number == Ports.NIXL_SIDE_CHANNEL;
      String use = taken.get(number);
      if (use != null && !moves && !alreadySo) {
        problems.add(
            new Problem(
                "spec.containers[%s].ports".formatted(container.path("name").asText()),
                Integer.toString(number),
                "needed for '%s'; move this port, move ours with %s or %s, or set %s: none"
                    .formatted(use, Keys.PORT, Keys.ENGINE_PORT, Keys.ROUTER)));
      }
    }
  }
}
