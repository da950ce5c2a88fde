package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Checks that a tree has a pod's shape where the rules touch it. An API server never sends another;
 * a file on a disk may hold anything.
 */
final class PodShape {

  private static final List<String> CONTAINER_LISTS =
      List.of("command", "args", "env", "ports", "volumeMounts");

  private final List<Problem> problems = new ArrayList<>();

  private PodShape() {}

  /** Every place where the tree is no pod; empty where it is one. */
  static List<Problem> problems(JsonNode pod) {
    PodShape shape = new PodShape();
    shape.object(pod, "metadata", "metadata");
    shape.object(pod.path("metadata"), "labels", "metadata.labels");
    shape.object(pod.path("metadata"), "annotations", "metadata.annotations");
    JsonNode spec = pod.path("spec");
    if (!spec.isObject()) {
      shape.problems.add(new Problem("spec", spec.toString(), "accepted is a pod's spec"));
      return shape.problems;
    }
    shape.list(spec, "volumes", "spec.volumes", JsonNode::isObject);
    shape.containers(spec, "initContainers");
    shape.containers(spec, "containers");
    if (spec.path("containers").isEmpty()) {
      shape.problems.add(
          new Problem("spec.containers", "", "accepted is a list of at least one container"));
    }
    return shape.problems;
  }

  private void containers(JsonNode spec, String field) {
    list(spec, field, "spec." + field, JsonNode::isObject);
    if (!spec.path(field).isArray()) {
      return;
    }
    for (JsonNode container : spec.path(field)) {
      String path = "spec." + field + "[" + container.path("name").asText() + "].";
      for (String list : CONTAINER_LISTS) {
        boolean words = list.equals("command") || list.equals("args");
        list(container, list, path + list, words ? JsonNode::isValueNode : JsonNode::isObject);
      }
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe", "lifecycle")) {
        object(container, probe, path + probe);
      }
    }
  }

  private void object(JsonNode parent, String field, String path) {
    JsonNode value = parent.path(field);
    if (!absent(value) && !(value instanceof ObjectNode)) {
      problems.add(new Problem(path, value.toString(), "accepted is an object"));
    }
  }

  private void list(JsonNode parent, String field, String path, Predicate<JsonNode> element) {
    JsonNode value = parent.path(field);
    if (absent(value)) {
      return;
    }
    boolean good = value.isArray();
    for (JsonNode one : value) {
      good &= element.test(one);
    }
    if (!good) {
      problems.add(new Problem(path, value.toString(), "accepted is a list as the pod API has it"));
    }
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }
}
