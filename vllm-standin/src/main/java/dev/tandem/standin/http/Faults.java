package dev.tandem.standin.http;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Chooses which requests a {@link FaultPlan} hits. Event loop only. */
final class Faults {
  private FaultPlan plan;
  private RandomGenerator random;

  Faults(FaultPlan plan) {
    this.plan = plan;
    this.random = generator(plan);
  }

  /** From now on this plan. */
  void use(FaultPlan next) {
    plan = next;
    random = generator(next);
  }

  /** What happens to the next request: the plan, or nothing. */
  FaultPlan next() {
    return plan.rate() > 0 && random.nextDouble() < plan.rate() ? plan : FaultPlan.NONE;
  }

  private static RandomGenerator generator(FaultPlan plan) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(plan.seed());
  }
}
