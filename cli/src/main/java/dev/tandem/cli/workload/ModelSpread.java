package dev.tandem.cli.workload;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides which model a trace's request asks for: all requests of one conversation the same one, by
 * a seeded hash, each model as often as it has pods that prefill. Immutable.
 */
final class ModelSpread {

  private final List<ServedModel> models;
  private final long seed;
  private final int prefillPods;

  ModelSpread(List<ServedModel> models, long seed) {
    this.models = List.copyOf(models);
    this.seed = seed;
    prefillPods = models.stream().mapToInt(ServedModel::prefillPods).sum();
  }

  ServedModel of(TraceRequest request) {
    int draw =
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + request.conversation())
            .nextInt(prefillPods);
    for (ServedModel model : models) {
      draw -= model.prefillPods();
      if (draw < 0) {
        return model;
      }
    }
    throw new IllegalStateException("draw beyond all models");
  }
}
