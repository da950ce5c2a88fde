package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Connector;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;
import java.util.Set;

/** Checks that the engine can exchange KV cache the way its annotations ask for. */
final class ConnectorCheck {

  /** 0.13 is between the two names of the shared-storage connector; which it has is not known. */
  private static final VllmVersion RENAMING = new VllmVersion(0, 13, 0);

  private ConnectorCheck() {}

  static void check(
      ObjectNode engine,
      Wishes wishes,
      EngineFacts facts,
      List<Problem> problems,
      List<String> warnings) {
    CommandLine line = new CommandLine(engine);
    if (line.obstacle() != null) {
      return;
    }
    Environment environment = new Environment(engine);
    Connector connector = wishes.connector();
    warnAboutTransport(environment, warnings);
    if (!KvTransferConfig.wanted(wishes) || line.has(KvTransferConfig.FLAG)) {
      return;
    }
    needVersion(engine, facts, connector, problems);
    if (connector == Connector.LMCACHE && !environment.hasPrefix("LMCACHE_")) {
      warnings.add("lmcache: no LMCACHE_ variable is set: it keeps KV cache in this pod's memory");
    }
    if (connector == Connector.SHARED_STORAGE && wishes.storagePath() != null) {
      needMount(engine, wishes.storagePath(), problems);
    }
  }

  /** Pinning UCX to TCP has cost others two orders of magnitude (ome-projects/ome#837). */
  private static void warnAboutTransport(Environment environment, List<String> warnings) {
    String transports = environment.value("UCX_TLS");
    List<String> named = List.of(transports == null ? new String[0] : transports.split(",", -1));
    if (named.contains("tcp") && Set.of("tcp", "self", "sm", "cuda_copy").containsAll(named)) {
      warnings.add(
          "UCX_TLS=%s is yours and stays: KV cache then never uses NVLink or RDMA"
              .formatted(transports));
    }
    String devices = environment.value("UCX_NET_DEVICES");
    if (devices != null && devices.matches("(eth|ens|eno|bond)[0-9a-z]*")) {
      warnings.add(
          "UCX_NET_DEVICES=%s is yours and stays: KV cache then never uses RDMA"
              .formatted(devices));
    }
  }

  private static void needVersion(
      ObjectNode engine, EngineFacts facts, Connector connector, List<Problem> problems) {
    VllmFeature feature =
        switch (connector) {
          case NIXL, LMCACHE, SHARED_STORAGE -> VllmFeature.KV_TRANSFER;
          case NIXL_PUSH -> VllmFeature.NIXL_PUSH;
          case MOONCAKE -> VllmFeature.MOONCAKE;
        };
    VllmVersion vllm = facts.vllm();
    boolean between =
        connector == Connector.SHARED_STORAGE
            && vllm != null
            && vllm.atLeast(RENAMING)
            && !vllm.atLeast(VllmFeature.EXAMPLE_CONNECTOR.since());
    if (vllm == null) {
      problems.add(
          new Problem(
              Keys.VLLM_VERSION,
              "",
              "image %s does not tell vLLM's version, and vLLM exits on a flag it does not know; set"
                      .formatted(engine.path("image").asText())
                  + " this annotation, e.g. 0.26.0, or write --kv-transfer-config yourself"));
    } else if (!vllm.atLeast(feature.since()) || between) {
      problems.add(
          new Problem(
              Keys.KV_CONNECTOR,
              connector.label(),
              "not known to work in vLLM %s; accepted is an image of %s or later, another connector,"
                      .formatted(
                          vllm, between ? VllmFeature.EXAMPLE_CONNECTOR.since() : feature.since())
                  + " or your own --kv-transfer-config"));
    }
  }

  private static void needMount(ObjectNode engine, String path, List<Problem> problems) {
    for (JsonNode mount : engine.path("volumeMounts")) {
      String at = mount.path("mountPath").asText().replaceAll("/+$", "");
      if (!at.isEmpty() && (path.equals(at) || path.startsWith(at + "/"))) {
        return;
      }
    }
    problems.add(
        new Problem(
            Keys.KV_STORAGE_PATH,
            path,
            "no volume of the vLLM container is mounted there; accepted is a path below one of its"
                + " volumeMounts, on storage all engines see"));
  }
}
