package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.SchedulingLoad;

/**
 * One set-up's part of a round.
 *
 * @param round from 1; set-ups with the same number ran one after another
 * @param found what the load driver saw
 * @param extenderMillisAPod processor time our extender took for each pod; in the other set-ups it
 *     only watches
 */
record SchedulingRound(
    int round, SchedulingSetup setup, SchedulingLoad.Report found, double extenderMillisAPod) {}
