package dev.tandem.simulator.placement;

import dev.tandem.api.ModelFacts;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.Objects;

/** Scenarios and runs the tests share; decisions take no time. */
final class Runs {
  private static final Simulation SIMULATION = new Simulation(() -> 0);

  private Runs() {}

  static Prediction lineRate() {
    return Prediction.lineRate(ModelFacts.of("llama-3-70b"));
  }

  static Scenario scenario(
      Shape shape, Background background, Workload workload, int groups, int clients) {
    return new Scenario(
        shape, LinkSpeeds.defaults(), background, workload, groups, clients, lineRate());
  }

  /** Every second of 256 nodes half filled, 30 groups of 2P+2D with 8 GPUs each, two clients. */
  static Scenario fragmented() {
    return scenario(
        NamedCluster.N256.shape(), new Background.Even(0.5), Workload.of(2, 2, 8), 30, 2);
  }

  static Report run(Scenario scenario, Policy policy, long seed) {
    return SIMULATION.run(scenario, policy, seed);
  }

  static double millis(Report report) {
    return Objects.requireNonNull(report.result().meanTransferMillis());
  }
}
