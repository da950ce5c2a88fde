package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the container that runs vLLM. */
sealed interface EngineContainer {

  /** The one container that runs vLLM. */
  record Found(ObjectNode container) implements EngineContainer {}

  /** No container looks like vLLM or asks for a GPU. */
  record None(Problem problem) implements EngineContainer {}

  /**
   * Several could be meant, or the annotation names one that is not there.
   *
   * @param candidates those that could be meant
   */
  record Unclear(Problem problem, List<ObjectNode> candidates) implements EngineContainer {}

  /** What vLLM runs on that is not called a GPU. */
  Set<String> ACCELERATORS =
      Set.of("habana.ai/gaudi", "google.com/tpu", "aws.amazon.com/neuron", "huawei.com/Ascend910");

  /**
   * By the annotation; else by command line, image, name and GPU, in this order, the first that
   * tells one container from the others.
   */
  static EngineContainer find(JsonNode pod, @Nullable String named) {
    List<ObjectNode> containers = new ArrayList<>();
    pod.path("spec").path("containers").forEach(c -> containers.add((ObjectNode) c));
    if (named != null) {
      return byName(containers, named);
    }
    List<ObjectNode> plausible = containers.stream().filter(EngineContainer::mayServe).toList();
    List<ObjectNode> candidates = List.of();
    for (Predicate<ObjectNode> sign :
        List.<Predicate<ObjectNode>>of(
            c -> new CommandLine(c).mentionsVllm(),
            EngineContainer::runsVllmImage,
            c -> c.path("name").asText().contains("vllm"),
            EngineContainer::asksForGpu)) {
      List<ObjectNode> matches =
          (candidates.isEmpty() ? plausible : candidates).stream().filter(sign).toList();
      if (matches.size() == 1) {
        return new Found(matches.getFirst());
      }
      if (!matches.isEmpty()) {
        candidates = matches;
      }
    }
    if (candidates.isEmpty()) {
      return new None(
          new Problem(
              Keys.CONTAINER,
              "",
              "no container looks like vLLM or asks for a GPU; name the one that runs it, of "
                  + names(containers)));
    }
    return new Unclear(
        new Problem(
            Keys.CONTAINER,
            "",
            "several containers could run vLLM; name the one that does, of " + names(candidates)),
        candidates);
  }

  private static EngineContainer byName(List<ObjectNode> containers, String named) {
    for (ObjectNode container : containers) {
      if (container.path("name").asText().equals(named)) {
        return new Found(container);
      }
    }
    return new Unclear(
        new Problem(Keys.CONTAINER, named, "no such container; accepted are " + names(containers)),
        List.of());
  }

  /**
   * A benchmark, a download or a shell to look around with uses vLLM's image too: with a command of
   * its own that names no server, and without a GPU.
   */
  private static boolean mayServe(ObjectNode container) {
    CommandLine line = new CommandLine(container);
    boolean other = line.replacesEntryPoint() && !line.mentionsVllm() && !asksForGpu(container);
    return !other && !line.runsOtherCommandOfVllm();
  }

  private static boolean runsVllmImage(JsonNode container) {
    return container.path("image").asText().toLowerCase(Locale.ROOT).contains("vllm");
  }

  private static boolean asksForGpu(JsonNode container) {
    JsonNode resources = container.path("resources");
    return Stream.concat(
            resources.path("limits").propertyStream(), resources.path("requests").propertyStream())
        .anyMatch(resource ->
            resource.getKey().endsWith("/gpu")
                || resource.getKey().startsWith("nvidia.com/mig-")
                || resource.getKey().startsWith("gpu.intel.com/")
                || ACCELERATORS.contains(resource.getKey()));
  }

  private static String names(List<ObjectNode> containers) {
    return containers.stream().map(c -> c.path("name").asText()).collect(Collectors.joining(", "));
  }
}
