package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.PortMode;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.Wishes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks that the ports the injection takes are free in the pod: its containers share them. */
final class PortCheck {

  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private static final String SIDE_CHANNEL = "NIXL side channel";

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
    PortMap ports = Planning.ports(wishes, facts);
    int serving = ports.serving();
    Map<Integer, String> taken = new LinkedHashMap<>();
    take(taken, ports.peer(), Keys.PORT_OFFSET, "between routers", problems);
    if (new CommandLine(engine).has(KvEventsConfig.FLAG)) {
      warnings.add(
          KvEventsConfig.FLAG + " is kept as you set it: the router may not see its events");
    } else {
      for (int rank = 0; rank < ports.ranks(); rank++) {
        int place = ports.firstRank() + rank;
        take(taken, ports.events() + place, Keys.PORT_OFFSET, "KV events", problems);
        take(taken, ports.replay() + place, Keys.PORT_OFFSET, "KV event replay", problems);
      }
    }
    if (wishes.splitsPrefillFromDecode()) {
      for (int port : ports.sideChannels()) {
        take(taken, port, Keys.PORT_OFFSET, SIDE_CHANNEL, problems);
      }
    }
    take(taken, serving, Keys.PORT, "clients", problems);
    if (ports.moves()) {
      take(taken, ports.engine(), Keys.ENGINE_PORT, "vLLM behind the router", problems);
    } else if (serving == ports.engine()) {
      problems.add(
          new Problem(
              wishes.portMode() == PortMode.BESIDE ? Keys.PORT : Keys.ENGINE_PORT,
              Integer.toString(serving),
              "taken by vLLM, which stays there; accepted is another port, or %s: none where another"
                      .formatted(Keys.ROUTER)
                  + " proxy stands in front"));
    }
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        checkContainer(container, container == engine, ports, taken, problems);
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
    for (String probe : MovedProbes.PROBES) {
      if (ports.moves()
          && engine.path(probe).path("exec").toString().contains(":" + facts.port())) {
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
      PortMap ports,
      Map<Integer, String> taken,
      List<Problem> problems) {
    for (JsonNode port : container.path("ports")) {
      int number = port.path("containerPort").asInt();
      String use = taken.get(number);
      boolean moves = engine && ports.moves() && number == ports.original();
      boolean declared = engine && SIDE_CHANNEL.equals(use);
      if (use != null && !moves && !declared) {
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
