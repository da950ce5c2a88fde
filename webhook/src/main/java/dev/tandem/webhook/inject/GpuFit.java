package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.ModelFacts;
import dev.tandem.webhook.annotations.Speculation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether weights, draft and the cache of one prompt fit on a GPU: a warning with the numbers,
 * never a refusal, because sizes are read from names. Memory is that of the GPU the pod asks for by
 * node label; where it asks for none, of the largest there is, so that only what fits nowhere is
 * said.
 */
final class GpuFit {

  /** vLLM's own share of a GPU (vllm/config/cache.py). */
  private static final double UTILIZATION = 0.92;

  /** CUDA context, activations and graphs. */
  private static final double OVERHEAD_GIGABYTES = 3;

  /** A prompt that should fit at least. */
  private static final int LEAST_TOKENS = 2048;

  private static final Pattern SHARE = Pattern.compile("0?\\.[0-9]{1,4}|1(\\.0+)?");

  private GpuFit() {}

  static List<String> warnings(JsonNode pod, ObjectNode engine, Plan plan) {
    List<String> warnings = new ArrayList<>();
    CommandLine line = new CommandLine(engine);
    warnAboutCount(engine, plan, warnings);
    warnAboutHeads(plan, warnings);
    ModelSize size = ModelSize.of(plan.modelPath(), line);
    if (size.known()) {
      GpuMemory gpu = GpuMemory.of(pod.path("spec"), engine);
      double weights = size.gigabytes() / spread(plan, line);
      double draft = draft(plan, line);
      double cache = cache(plan, line);
      double share = share(line);
      double needed = weights + draft + cache + OVERHEAD_GIGABYTES;
      if (needed > share * gpu.gigabytes()) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "a GPU needs %.0f GB (weights %.0f, draft %.0f, cache %.0f, other %.0f), has %.2f x"
                    + " %.0f GB (%s)",
                needed,
                weights,
                draft,
                cache,
                OVERHEAD_GIGABYTES,
                share,
                gpu.gigabytes(),
                gpu.name()));
      }
    }
    return warnings;
  }

  private static void warnAboutCount(ObjectNode engine, Plan plan, List<String> warnings) {
    int asked = 0;
    for (var limit : engine.path("resources").path("limits").properties()) {
      if (limit.getKey().endsWith("/gpu")) {
        asked += limit.getValue().asInt(0);
      }
    }
    int needed = plan.tensorParallel() * plan.pipelineParallel() * plan.ports().ranks();
    boolean oneNode = !new CommandLine(engine).has("--nnodes") && plan.pipelineParallel() == 1;
    if (asked > 0 && needed > asked && oneNode) {
      warnings.add(
          "tensor x data parallel is %d, but the container asks for %d GPUs"
              .formatted(needed, asked));
    }
  }

  /**
   * GPUs that share one copy of the weights; with expert parallelism data-parallel ranks do too.
   */
  private static int spread(Plan plan, CommandLine line) {
    int ranks =
        line.has("--enable-expert-parallel") || line.has("-ep")
            ? Math.max(1, line.number(1, "--data-parallel-size", "-dp"))
            : 1;
    return plan.tensorParallel() * plan.pipelineParallel() * ranks;
  }

  /** vLLM exits where a worker would get part of a KV head and not a whole number of copies. */
  private static void warnAboutHeads(Plan plan, List<String> warnings) {
    ModelFacts facts = ModelFacts.of(plan.modelPath());
    int gpus = plan.tensorParallel();
    if (facts.known()
        && facts.kvHeads() > 1
        && facts.kvHeads() % gpus != 0
        && gpus % facts.kvHeads() != 0) {
      warnings.add(
          "tensor parallel size %d does not divide the %d KV heads of %s: vLLM will exit"
              .formatted(gpus, facts.kvHeads(), facts.family()));
    }
  }

  private static double draft(Plan plan, CommandLine line) {
    Speculation speculation = SpeculativeConfig.of(plan.wishes().speculative(), line);
    String model = speculation == null ? null : speculation.draftModel();
    return speculation == null || model == null
        ? 0
        : ModelSize.ofDraft(model).gigabytes()
            / speculation.draftTensorParallel(plan.tensorParallel());
  }

  private static double cache(Plan plan, CommandLine line) {
    int tokens = Math.max(LEAST_TOKENS, line.number(LEAST_TOKENS, "--max-model-len"));
    int heads = ModelFacts.of(plan.modelPath()).kvHeads();
    int shares = Math.min(heads, plan.tensorParallel()) * plan.pipelineParallel();
    return tokens * (double) plan.kvBytesPerToken() / shares / 1e9;
  }

  private static double share(CommandLine line) {
    String given = line.value("--gpu-memory-utilization");
    return given != null && SHARE.matcher(given).matches()
        ? Double.parseDouble(given)
        : UTILIZATION;
  }
}
