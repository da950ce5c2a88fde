package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.PodAnnotations;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.Reading;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.VllmVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a pod is injected, passed over or refused, decided before anything is changed. */
sealed interface Assessment {

  /** The rules may run. */
  record Ready(Plan plan) implements Assessment {}

  /** The pod goes on as it came. */
  record Passed(SkipReason reason) implements Assessment {}

  /** The pod's author has something to change. */
  record Refused(List<Problem> problems, List<String> warnings) implements Assessment {}

  /**
   * Looks at the whole pod and collects every problem.
   *
   * @param assumed version of vLLM where nothing tells it
   */
  static Assessment of(JsonNode pod, Origin origin, @Nullable VllmVersion assumed) {
    List<Problem> shape = PodShape.problems(pod);
    if (!shape.isEmpty()) {
      return new Refused(shape, List.of());
    }
    JsonNode label = pod.path("metadata").path("labels").path(Keys.INJECT);
    if (label.isValueNode() && !label.isNull() && !label.isTextual()) {
      return optIn(label.toString(), "accepted are \"true\", \"false\", in quotes");
    }
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
        return optIn(label.asText(), "accepted are \"true\", \"false\"");
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
    if (InjectedMarker.namesRouter(pod)) {
      return new Refused(List.of(routerGone()), List.of());
    }
    return assess(pod, label.isMissingNode(), assumed);
  }

  private static Refused optIn(String value, String accepted) {
    return new Refused(List.of(new Problem(Keys.INJECT, value, accepted)), List.of());
  }

  private static Assessment assess(
      JsonNode pod, boolean meantByNamespaceOnly, @Nullable VllmVersion assumed) {
    Reading reading = PodAnnotations.read(pod);
    List<Problem> problems = new ArrayList<>(reading.problems());
    List<String> warnings = new ArrayList<>(reading.warnings());
    List<VirtualEndpoint> endpoints = VirtualEndpoint.read(pod, problems);
    switch (EngineContainer.find(pod, reading.wishes().container())) {
      case EngineContainer.Found(ObjectNode engine) -> {
        if (new CommandLine(engine).has("--headless")) {
          return new Passed(SkipReason.HEADLESS);
        }
        EngineFacts launcher = EngineFacts.launcher(engine, reading.wishes(), assumed);
        String obstacle = new CommandLine(engine).obstacle();
        if (obstacle != null && reading.wishes().router() == RouterMode.NONE) {
          endpoints = UnreadScript.endpoints(endpoints, reading.wishes(), problems);
          warnings.addAll(UnreadScript.warnings(obstacle, reading.wishes()));
          return problems.isEmpty()
              ? new Ready(
                  Planning.endpoints(
                      List.of(engine), reading.wishes(), launcher, endpoints, warnings))
              : new Refused(problems, warnings);
        }
        if (endpoints.isEmpty()) {
          endpoints = VirtualEndpoint.ofRanks(new CommandLine(engine), launcher.port(), warnings);
        }
        if (endpoints.isEmpty()
            || (endpoints.size() == 1 && endpoints.getFirst().number() == launcher.port())) {
          return single(pod, engine, reading, assumed, problems, warnings);
        }
        refuseRouter(pod, problems);
        return problems.isEmpty()
            ? new Ready(
                Planning.endpoints(
                    List.of(engine), reading.wishes(), launcher, endpoints, warnings))
            : new Refused(problems, warnings);
      }
      case EngineContainer.None(Problem problem) -> {
        if (meantByNamespaceOnly && !PodAnnotations.present(pod)) {
          return problems.isEmpty()
              ? new Passed(SkipReason.NOT_VLLM)
              : new Refused(problems, warnings);
        }
        problems.add(problem);
      }
      case EngineContainer.Unclear(Problem problem, List<ObjectNode> candidates) -> {
        if (endpoints.size() > 1 && !candidates.isEmpty()) {
          refuseRouter(pod, problems);
          if (!problems.isEmpty()) {
            return new Refused(problems, warnings);
          }
          EngineFacts first =
              EngineFacts.launcher(candidates.getFirst(), reading.wishes(), assumed);
          return new Ready(
              Planning.endpoints(candidates, reading.wishes(), first, endpoints, warnings));
        }
        problems.add(problem);
      }
    }
    return new Refused(problems, warnings);
  }

  /** Asked for in words it cannot be had: one router fronts one engine. */
  private static void refuseRouter(JsonNode pod, List<Problem> problems) {
    String asked = pod.path("metadata").path("annotations").path(Keys.ROUTER).asText();
    if (asked.equals(RouterMode.SIDECAR.label())) {
      problems.add(
          new Problem(
              Keys.ROUTER,
              asked,
              "a pod with several engines gets no router; accepted is none, or one engine a pod"));
    }
  }

  private static Assessment single(
      JsonNode pod,
      ObjectNode engine,
      Reading reading,
      @Nullable VllmVersion assumed,
      List<Problem> problems,
      List<String> warnings) {
    EngineFacts facts = EngineFacts.read(engine, reading.wishes(), assumed, problems, warnings);
    PortCheck.check(pod, engine, reading.wishes(), facts, problems, warnings);
    ConnectorCheck.check(engine, reading.wishes(), facts, problems, warnings);
    if (reading.wishes().speculative() != null) {
      Problem problem =
          reading.wishes().speculative().againstTensorParallel(facts.tensorParallel());
      if (problem != null) {
        problems.add(problem);
      }
    }
    if (!problems.isEmpty()) {
      return new Refused(problems, warnings);
    }
    Plan plan = Planning.single(engine, reading.wishes(), facts, warnings);
    return new Ready(plan.warning(GpuFit.warnings(pod, engine, plan)));
  }

  private static boolean onWindows(JsonNode pod) {
    JsonNode spec = pod.path("spec");
    return spec.path("os").path("name").asText().equals("windows")
        || spec.path("nodeSelector").path("kubernetes.io/os").asText().equals("windows");
  }

  /**
   * Its ports are those of an injected pod, and nothing tells which of them were the user's: a
   * second router would be put in front of the wrong one.
   */
  private static Problem routerGone() {
    return new Problem(
        Keys.INJECTED,
        "",
        "container %s, which this annotation speaks of, is gone: whoever took it out after us, such"
                .formatted(RouterSidecar.NAME)
            + " as another webhook, has to leave it; in a file, take the pod from before injection");
  }

  /** The marker alone proves nothing: a user can write one. */
  private static boolean alreadyInjected(JsonNode pod) {
    return pod.path("metadata").path("annotations").has(Keys.INJECTED)
        && RouterSidecar.presentIn(pod);
  }
}
