package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Report;
import dev.tandem.simulator.placement.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs every case of the placement benchmark and draws its page. Takes minutes; the only values
 * that change from run to run are times of decisions.
 */
public final class PlacementBenchmark {
  /** Every case is run on seeds 1 to this. */
  private static final int SEEDS = 10;

  private final Simulation simulation;
  private final Consumer<String> progress;

  /**
   * A benchmark.
   *
   * @param simulation runs the cases
   * @param progress hears of every case that begins, in one line
   */
  public PlacementBenchmark(Simulation simulation, Consumer<String> progress) {
    this.simulation = simulation;
    this.progress = progress;
  }

  /** Runs it all. */
  public Page run() {
    Map<String, List<Outcome>> fragmented = run("fragmented", PlacementCases.fragmented());
    Map<String, List<Outcome>> interleaved = run("interleaved", PlacementCases.interleaved());
    Map<String, List<Outcome>> clusters = run("clusters", PlacementCases.clusters());
    Map<String, List<Outcome>> workloads = run("workloads", PlacementCases.workloads());
    Map<String, List<Outcome>> small = run("small", PlacementCases.small());
    PlacementTables tables = new PlacementTables();
    tables.fragmented(fragmented);
    tables.interleaved(interleaved);
    tables.matrix("Every cluster, 2P+2D of half a node each", clusters);
    tables.matrix("Every kind of group", workloads);
    tables.small(small);
    tables.worse(clusters, workloads);
    tables.decisionTimes(clusters);
    Map<String, String> pictures = new LinkedHashMap<>();
    pictures.put("placement-fragmented.svg", PlacementPictures.fragmented(fragmented));
    pictures.put("placement-clusters.svg", PlacementPictures.matrix(clusters));
    pictures.put("placement-workloads.svg", PlacementPictures.matrix(workloads));
    return new Page(tables.text(), pictures);
  }

  private Map<String, List<Outcome>> run(String part, List<Case> cases) {
    Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
    for (Case one : cases) {
      progress.accept(part + ": " + one.name());
      List<Outcome> row = new ArrayList<>();
      for (Policy policy : one.policies()) {
        List<Report> reports = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
          reports.add(simulation.run(one.scenario(), policy, seed));
        }
        row.add(new Outcome(policy, reports));
      }
      outcomes.put(one.name(), row);
    }
    return outcomes;
  }
}
