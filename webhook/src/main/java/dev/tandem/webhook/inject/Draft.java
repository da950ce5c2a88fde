package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.inject.InjectionResult.Change;
import java.util.ArrayList;
import java.util.List;

/** A pod while the rules work on it: our own copy, the plan, and what was done. One thread. */
final class Draft {

  private final ObjectNode pod;
  private final Plan plan;
  private final InjectionConfig config;
  private final ObjectNode engine;
  private final List<Change> changes = new ArrayList<>();
  private final List<String> warnings;

  /**
   * A draft over a copy of {@code pod}.
   *
   * @throws IllegalArgumentException where the pod lacks the plan's vLLM container
   */
  Draft(ObjectNode pod, Plan plan, InjectionConfig config) {
    this.pod = pod.deepCopy();
    this.plan = plan;
    this.config = config;
    this.engine = container(this.pod, plan.engineName());
    this.warnings = new ArrayList<>(plan.warnings());
  }

  ObjectNode pod() {
    return pod;
  }

  ObjectNode spec() {
    return pod.withObjectProperty("spec");
  }

  ObjectNode labels() {
    return pod.withObjectProperty("metadata").withObjectProperty("labels");
  }

  ObjectNode annotations() {
    return pod.withObjectProperty("metadata").withObjectProperty("annotations");
  }

  /** The vLLM container. */
  ObjectNode engine() {
    return engine;
  }

  CommandLine commandLine() {
    return new CommandLine(engine);
  }

  Environment environment() {
    return new Environment(engine);
  }

  Plan plan() {
    return plan;
  }

  InjectionConfig config() {
    return config;
  }

  void did(Rule rule, String what) {
    changes.add(new Change(rule.name(), what));
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  List<Change> changes() {
    return changes;
  }

  List<String> warnings() {
    return warnings;
  }

  private static ObjectNode container(ObjectNode pod, String name) {
    for (JsonNode container : pod.path("spec").path("containers")) {
      if (container instanceof ObjectNode object && object.path("name").asText().equals(name)) {
        return object;
      }
    }
    throw new IllegalArgumentException("the pod has no container " + name);
  }
}
