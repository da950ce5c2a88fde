package dev.tandem.webhook.inject;

import dev.tandem.api.Role;
import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything the rules need to know, decided before the first of them runs. Immutable.
 *
 * @param wishes what the annotations ask for
 * @param engineNames names of the containers that run vLLM; several only beside virtual endpoints
 * @param model served model name
 * @param modelPath what vLLM loads
 * @param pool pods one router may send to
 * @param tensorParallel GPUs the engine spreads a layer over
 * @param pipelineParallel GPUs the layers are spread over
 * @param kvBytesPerToken bytes a token over the whole model
 * @param vllm version of vLLM; null where nothing proves one
 * @param ports who listens where
 * @param endpoints engines that keep their own ports; empty where the pod has one engine
 * @param withRouter whether a router is put in front
 * @param warnings for the person who applies the pod
 */
record Plan(
    Wishes wishes,
    List<String> engineNames,
    String model,
    String modelPath,
    String pool,
    int tensorParallel,
    int pipelineParallel,
    long kvBytesPerToken,
    @Nullable VllmVersion vllm,
    PortMap ports,
    List<VirtualEndpoint> endpoints,
    boolean withRouter,
    List<String> warnings) {

  Plan {
    engineNames = List.copyOf(engineNames);
    endpoints = List.copyOf(endpoints);
    warnings = List.copyOf(warnings);
  }

  /** The same with more to say. */
  Plan warning(List<String> more) {
    return new Plan(
        wishes,
        engineNames,
        model,
        modelPath,
        pool,
        tensorParallel,
        pipelineParallel,
        kvBytesPerToken,
        vllm,
        ports,
        endpoints,
        withRouter,
        Stream.concat(warnings.stream(), more.stream()).toList());
  }

  /** The vLLM container; the first of several. */
  String engineName() {
    return engineNames.getFirst();
  }

  /** Whether there is one engine whose command line is ours to complete. */
  boolean completesArguments() {
    return endpoints.isEmpty();
  }

  /** Whether the version is known to have this. */
  boolean has(VllmFeature feature) {
    return vllm != null && vllm.atLeast(feature.since());
  }

  boolean prefills() {
    return wishes.role() == Role.PREFILL;
  }

  boolean keeps(String field) {
    return wishes.keep().contains(field);
  }
}
