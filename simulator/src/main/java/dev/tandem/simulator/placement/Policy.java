package dev.tandem.simulator.placement;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** Who places the pods. */
public enum Policy {
  /** The production planner, as the extender drives it. */
  TANDEM {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new Product(scenario, world, random);
    }
  },
  /** kube-scheduler as it comes: LeastAllocated. */
  DEFAULT {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new KubeScheduler(
          world,
          KubeScheduler.Scoring.LEAST_ALLOCATED,
          KubeScheduler.Ties.HEAP,
          KubeScheduler.Affinity.NONE,
          random);
    }
  },
  /** The same where equals are drawn at random, as before 1.35. */
  DEFAULT_RANDOM_TIES {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new KubeScheduler(
          world,
          KubeScheduler.Scoring.LEAST_ALLOCATED,
          KubeScheduler.Ties.RANDOM,
          KubeScheduler.Affinity.NONE,
          random);
    }
  },
  /** kube-scheduler with NodeResourcesFit set to MostAllocated. */
  MOST_ALLOCATED {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new KubeScheduler(
          world,
          KubeScheduler.Scoring.MOST_ALLOCATED,
          KubeScheduler.Ties.HEAP,
          KubeScheduler.Affinity.NONE,
          random);
    }
  },
  /** kube-scheduler, pods with required affinity to their group's NVLink domain. */
  REQUIRED_AFFINITY {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new KubeScheduler(
          world,
          KubeScheduler.Scoring.LEAST_ALLOCATED,
          KubeScheduler.Ties.HEAP,
          KubeScheduler.Affinity.REQUIRED,
          random);
    }
  },
  /** kube-scheduler, pods with preferred affinity of weight 100 to that domain. */
  PREFERRED_AFFINITY {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new KubeScheduler(
          world,
          KubeScheduler.Scoring.LEAST_ALLOCATED,
          KubeScheduler.Ties.HEAP,
          KubeScheduler.Affinity.PREFERRED,
          random);
    }
  },
  /** Any node with room. */
  RANDOM {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new AnyNode(world, random);
    }
  },
  /** The tightest block that holds the whole group. */
  GREEDY_GANG {
    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new GreedyGang(world);
    }
  },
  /** The best of all placements, on small clusters. */
  OPTIMUM {
    @Override
    public void accept(Scenario scenario) {
      Optimum.accept(scenario);
    }

    @Override
    Placer placer(Scenario scenario, World world, Random random) {
      return new Optimum(scenario, world);
    }
  };

  abstract Placer placer(Scenario scenario, World world, Random random);

  /**
   * Says before a run whether this policy can do a scenario.
   *
   * @throws IllegalArgumentException if it cannot, with the reason and what it accepts
   */
  public void accept(Scenario scenario) {}

  /** The value of the flag. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The policy with this label.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public static Policy parse(String label) {
    for (Policy policy : values()) {
      if (policy.label().equals(label)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "policy: "
            + label
            + "; accepted: "
            + Arrays.stream(values()).map(Policy::label).collect(Collectors.joining(", ")));
  }
}
