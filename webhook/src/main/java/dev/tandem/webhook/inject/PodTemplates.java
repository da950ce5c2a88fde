package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Where a Kubernetes object keeps its pods. */
final class PodTemplates {

  /** Levels of an unknown object that are searched: JobSet has its templates at the fifth. */
  private static final int DEEPEST = 12;

  private PodTemplates() {}

  /**
   * The objects a document holds: itself, or those of a List, as {@code kubectl get -o yaml} writes
   * it, each with a name and a namespace of its own; live, in order.
   */
  static List<JsonNode> objectsIn(JsonNode document) {
    if (!document.path("kind").asText().equals("List")) {
      return List.of(document);
    }
    List<JsonNode> objects = new ArrayList<>();
    document.path("items").forEach(item -> objects.addAll(objectsIn(item)));
    return objects;
  }

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
      // an object without a kind is taken for a template; one with another kind only holds some
      case "" -> search(object, templates, 0);
      default -> object.forEach(part -> search(part, templates, 1));
    }
    return templates;
  }

  /** Objects of kinds we do not know: whatever has a spec with containers is a pod's template. */
  private static void search(JsonNode node, List<ObjectNode> templates, int depth) {
    if (depth > DEEPEST) {
      return;
    }
    if (node instanceof ObjectNode object && object.path("spec").path("containers").isArray()) {
      templates.add(object);
      return;
    }
    for (JsonNode child : node) {
      search(child, templates, depth + 1);
    }
  }

  private static void add(List<ObjectNode> templates, JsonNode template) {
    if (template instanceof ObjectNode found) {
      templates.add(found);
    }
  }
}
