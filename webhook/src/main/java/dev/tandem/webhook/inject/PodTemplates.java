package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Where a Kubernetes object keeps its pods. */
final class PodTemplates {

  private PodTemplates() {}

  /** The {@code {metadata, spec}} objects of all pods this object is or makes; live, in order. */
  static List<ObjectNode> in(JsonNode object) {
    List<ObjectNode> templates = new ArrayList<>();
    JsonNode spec = object.path("spec");
    switch (object.path("kind").asText()) {
      case "Pod" -> add(templates, object);
      case "PodTemplate" -> add(templates, object.path("template"));
      case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job" ->
          add(templates, spec.path("template"));
      case "CronJob" -> add(templates, spec.path("jobTemplate").path("spec").path("template"));
      case "LeaderWorkerSet" -> {
        add(templates, spec.path("leaderWorkerTemplate").path("leaderTemplate"));
        add(templates, spec.path("leaderWorkerTemplate").path("workerTemplate"));
      }
      case "List" -> object.path("items").forEach(item -> templates.addAll(in(item)));
      default -> {}
    }
    return templates;
  }

  private static void add(List<ObjectNode> templates, JsonNode template) {
    if (template instanceof ObjectNode found) {
      templates.add(found);
    }
  }
}
