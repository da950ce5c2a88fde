package dev.tandem.cli.simulate;

import dev.tandem.api.ModelFacts;
import dev.tandem.simulator.placement.Prediction;
import dev.tandem.simulator.placement.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which groups come, how many, in which order, and how their transfers are priced. */
final class WorkloadFlags {
  private static final int GPUS = 8;

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = "30",
      description = "Groups that come (default: ${DEFAULT-VALUE}).")
  private int groups;

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      description = {
        "Groups with a name in place of --prefill and --decode: 2p2d, 4p4d, 1p3d, draft-target (one",
        "draft and one target), scale-out (2p2d, and one decode pod more once all are placed)."
      })
  private @Nullable String workload;

  @Option(names = "--prefill", paramLabel = "N", description = "Prefill pods a group (default: 2).")
  private @Nullable Integer prefill;

  @Option(names = "--decode", paramLabel = "N", description = "Decode pods a group (default: 2).")
  private @Nullable Integer decode;

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "GPUs of every pod (default: " + GPUS + ").")
  private @Nullable Integer gpus;

  @Option(
      names = "--prefill-gpus",
      paramLabel = "N",
      description = "GPUs of a prefill (or draft) pod (default: as --gpus).")
  private @Nullable Integer prefillGpus;

  @Option(
      names = "--decode-gpus",
      paramLabel = "N",
      description = "GPUs of a decode (or target) pod (default: as --gpus).")
  private @Nullable Integer decodeGpus;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "2",
      description = {
        "Clients that create groups side by side, so that their pods come interleaved; 1 for group",
        "after group (default: ${DEFAULT-VALUE})."
      })
  private int clients;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "llama-3-70b",
      description = "Model whose KV cache moves (default: ${DEFAULT-VALUE}).")
  private String model = "";

  @Option(
      names = "--cost",
      paramLabel = "NAME",
      defaultValue = "line-rate",
      description = {
        "How a transfer is priced, when planning and when measuring: line-rate (the whole cache over",
        "one link, nothing else) or calibrated (the product's defaults: set-up, posting, efficiency,",
        "ranks side by side) (default: ${DEFAULT-VALUE})."
      })
  private String cost = "";

  int groups() {
    return groups;
  }

  int clients() {
    return clients;
  }

  Workload workload() {
    int all = gpus == null ? GPUS : gpus;
    int first = prefillGpus == null ? all : prefillGpus;
    int second = decodeGpus == null ? all : decodeGpus;
    String name = workload;
    if (name == null) {
      return new Workload(
          prefill == null ? 2 : prefill,
          decode == null ? 2 : decode,
          first,
          second,
          Workload.Pairs.KV_CACHE,
          0);
    }
    if (prefill != null || decode != null) {
      throw new IllegalArgumentException(
          "--workload: " + name + "; accepted: without --prefill and --decode");
    }
    Workload.Pairs bytes = Workload.Pairs.KV_CACHE;
    return switch (name) {
      case "2p2d" -> new Workload(2, 2, first, second, bytes, 0);
      case "4p4d" -> new Workload(4, 4, first, second, bytes, 0);
      case "1p3d" -> new Workload(1, 3, first, second, bytes, 0);
      case "scale-out" -> new Workload(2, 2, first, second, bytes, 1);
      case "draft-target" -> new Workload(1, 1, first, second, Workload.Pairs.DRAFT_TARGET, 0);
      default ->
          throw new IllegalArgumentException(
              "--workload: " + name + "; accepted: 2p2d, 4p4d, 1p3d, draft-target, scale-out");
    };
  }

  Prediction prediction() {
    ModelFacts facts = ModelFacts.of(model);
    if (!facts.known()) {
      throw new IllegalArgumentException(
          "--model: " + model + "; accepted: a model of docs/design/cost.md, e.g. llama-3-70b");
    }
    return switch (cost) {
      case "line-rate" -> Prediction.lineRate(facts);
      case "calibrated" -> Prediction.calibrated(facts);
      default ->
          throw new IllegalArgumentException(
              "--cost: " + cost + "; accepted: line-rate, calibrated");
    };
  }
}
