package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.inject.InjectionResult.Change;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod while the rules work on it: our own copy, the plan, and what was done. One thread. */
final class Draft {

  private final ObjectNode original;
  private final ObjectNode pod;
  private final Plan plan;
  private final InjectionConfig config;
  private final List<ObjectNode> engines;
  private final Set<VllmFeature> withheld = EnumSet.noneOf(VllmFeature.class);
  private final List<Change> changes = new ArrayList<>();
  private final List<String> warnings;
  private @Nullable String template;

  /**
   * A draft over a copy of {@code pod}.
   *
   * @throws IllegalArgumentException where the pod lacks the plan's vLLM container
   */
  Draft(ObjectNode pod, Plan plan, InjectionConfig config) {
    this.original = pod;
    this.pod = pod.deepCopy();
    this.plan = plan;
    this.config = config;
    this.engines = plan.engineNames().stream().map(name -> container(this.pod, name)).toList();
    this.warnings = new ArrayList<>(plan.warnings());
  }

  ObjectNode pod() {
    return pod;
  }

  /** The pod as it came; not to be changed. */
  ObjectNode original() {
    return original;
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

  /** The vLLM container; the first of several. */
  ObjectNode engine() {
    return engines.getFirst();
  }

  /** Every vLLM container. */
  List<ObjectNode> engines() {
    return engines;
  }

  CommandLine commandLine() {
    return new CommandLine(engine());
  }

  Environment environment() {
    return new Environment(engine());
  }

  /** The variables of every vLLM container. */
  List<Environment> environments() {
    return engines.stream().map(Environment::new).toList();
  }

  /** Sets a variable in every vLLM container that does not have it. */
  void variable(Rule rule, String name, String value) {
    for (Environment environment : environments()) {
      if (!environment.has(name)) {
        environment.append(name, value);
        did(rule, name + "=" + value);
      }
    }
  }

  /** Keeps the hash by which templates are told apart. */
  void template(String hash) {
    template = hash;
  }

  /**
   * The hash by which templates are told apart.
   *
   * @throws IllegalStateException where no rule has taken it yet
   */
  String template() {
    if (template == null) {
      throw new IllegalStateException("the marker is the last rule, and has yet to be applied");
    }
    return template;
  }

  /** Whether vLLM is known to have this; where it is not, that is said once in the end. */
  boolean gate(VllmFeature feature) {
    if (plan.has(feature)) {
      return true;
    }
    withheld.add(feature);
    return false;
  }

  /** Says what was left out because nothing proves that vLLM knows it. */
  void warnAboutWithheld() {
    if (!withheld.isEmpty()) {
      warn(
          plan.vllm() == null
              ? "vLLM's version is unknown: set %s; %d flags left out"
                  .formatted(Keys.VLLM_VERSION, withheld.size())
              : "too new for vLLM %s, left out: %s"
                  .formatted(
                      plan.vllm(),
                      withheld.stream().map(VllmFeature::label).collect(Collectors.joining(", "))));
    }
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
