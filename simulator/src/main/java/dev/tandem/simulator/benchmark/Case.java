package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Scenario;
import java.util.List;

/**
 * One scenario of the benchmark.
 *
 * @param name what its row is called
 * @param scenario what is run
 * @param policies by whom
 */
record Case(String name, Scenario scenario, List<Policy> policies) {
  Case {
    policies = List.copyOf(policies);
  }
}
