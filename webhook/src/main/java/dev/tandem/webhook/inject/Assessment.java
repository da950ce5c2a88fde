package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.PodAnnotations;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.Reading;
import java.util.ArrayList;
import java.util.List;

/** Whether a pod is injected, passed over or refused, decided before anything is changed. */
sealed interface Assessment {

  /** The rules may run. */
  record Ready(Plan plan) implements Assessment {}

  /** The pod goes on as it came. */
  record Passed(SkipReason reason) implements Assessment {}

  /** The pod's author has something to change. */
  record Refused(List<Problem> problems, List<String> warnings) implements Assessment {}

  /** Looks at the whole pod and collects every problem. */
  static Assessment of(JsonNode pod, Origin origin) {
    List<Problem> shape = PodShape.problems(pod);
    if (!shape.isEmpty()) {
      return new Refused(shape, List.of());
    }
    JsonNode label = pod.path("metadata").path("labels").path(Keys.INJECT);
    switch (label.asText("")) {
      case "true" -> {}
      case "false" -> {
        return new Passed(SkipReason.OPTED_OUT);
      }
      case "" -> {
        if (!label.isMissingNode() || !origin.namespaceOptedIn()) {
          return new Passed(SkipReason.NOT_OPTED_IN);
        }
      }
      default -> {
        return new Refused(
            List.of(new Problem(Keys.INJECT, label.asText(), "accepted are \"true\", \"false\"")),
            List.of());
      }
    }
    if (pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror")) {
      return new Passed(SkipReason.MIRROR_POD);
    }
    if (onWindows(pod)) {
      return new Passed(SkipReason.WINDOWS);
    }
    if (alreadyInjected(pod)) {
      return new Passed(SkipReason.ALREADY_INJECTED);
    }
    return assess(pod, label.isMissingNode());
  }

  private static Assessment assess(JsonNode pod, boolean meantByNamespaceOnly) {
    Reading reading = PodAnnotations.read(pod);
    List<Problem> problems = new ArrayList<>(reading.problems());
    List<String> warnings = new ArrayList<>(reading.warnings());
    ObjectNode engine =
        switch (EngineContainer.find(pod, reading.wishes().container())) {
          case EngineContainer.Found(ObjectNode container) -> container;
          case EngineContainer.None(Problem problem) -> {
            if (meantByNamespaceOnly && !PodAnnotations.present(pod)) {
              yield null;
            }
            problems.add(problem);
            yield null;
          }
          case EngineContainer.Unclear(Problem problem) -> {
            problems.add(problem);
            yield null;
          }
        };
    if (engine == null) {
      return problems.isEmpty() ? new Passed(SkipReason.NOT_VLLM) : new Refused(problems, warnings);
    }
    if (new CommandLine(engine).has("--headless")) {
      return new Passed(SkipReason.HEADLESS);
    }
    EngineFacts facts = EngineFacts.read(engine, reading.wishes(), problems, warnings);
    PortCheck.check(pod, engine, reading.wishes(), facts, problems, warnings);
    if (!problems.isEmpty()) {
      return new Refused(problems, warnings);
    }
    return new Ready(facts.plan(reading.wishes(), engine.path("name").asText(), warnings));
  }

  private static boolean onWindows(JsonNode pod) {
    JsonNode spec = pod.path("spec");
    return spec.path("os").path("name").asText().equals("windows")
        || spec.path("nodeSelector").path("kubernetes.io/os").asText().equals("windows");
  }

  /** The marker alone proves nothing: a user can write one. */
  private static boolean alreadyInjected(JsonNode pod) {
    return pod.path("metadata").path("annotations").has(Keys.INJECTED)
        && RouterSidecar.presentIn(pod);
  }
}
