package dev.tandem.simulator.placement;

import dev.tandem.topology.facts.LinkSpeeds;

/**
 * Everything a run depends on but the policy and the seed. Immutable.
 *
 * @param shape the cluster
 * @param speeds its links
 * @param background what runs there already
 * @param workload what a group is made of
 * @param groups how many groups come
 * @param clients how many clients create pods side by side; 1 creates group after group
 * @param prediction how a transfer is priced, when planning and when measuring
 */
public record Scenario(
    Shape shape,
    LinkSpeeds speeds,
    Background background,
    Workload workload,
    int groups,
    int clients,
    Prediction prediction) {
  /** Most groups of a run. */
  public static final int MOST_GROUPS = 20_000;

  /** Most clients of a run. */
  public static final int MOST_CLIENTS = 1_000;

  public Scenario {
    Shape.between("groups", groups, 1, MOST_GROUPS);
    Shape.between("clients", clients, 1, MOST_CLIENTS);
  }
}
