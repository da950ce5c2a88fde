package dev.tandem.simulator.placement;

import dev.tandem.api.Role;

/**
 * One pod to be placed.
 *
 * @param id unique in a run
 * @param group number of its group
 * @param role what it does there
 * @param gpus GPUs it needs on one node
 * @param late whether it was not announced by the size of its group
 */
record Pod(String id, int group, Role role, int gpus, boolean late) {}
