package dev.tandem.simulator.benchmark;

import dev.tandem.simulator.routing.Cell;
import dev.tandem.simulator.routing.CellResult;
import dev.tandem.simulator.routing.policy.PolicyName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Runs cases side by side, one run a processor: no run knows of another, so what comes out is the
 * same as one after the other. Used from one thread; progress is heard from those that run.
 */
final class RoutingRuns {
  private final Consumer<String> progress;
  private final int all;
  private int done;

  /**
   * Cases of one section.
   *
   * @param title of the section
   * @param cases by what their rows are called, in order
   */
  record Section(String title, Map<String, Case> cases) {
    int runs() {
      return cases.values().stream().mapToInt(one -> one.policies().size()).sum();
    }
  }

  /**
   * One case.
   *
   * @param cell what is run
   * @param policies by whom
   */
  record Case(Cell cell, List<PolicyName> policies) {
    Case {
      policies = List.copyOf(policies);
    }
  }

  /**
   * Runs to come.
   *
   * @param all how many there will be
   * @param progress hears of every run that is done, in one line
   */
  RoutingRuns(int all, Consumer<String> progress) {
    this.all = all;
    this.progress = progress;
  }

  /** Results by case, in the order of cases and of their policies. */
  Map<String, List<CellResult>> run(Section section) {
    Map<String, List<CellResult>> results = new LinkedHashMap<>();
    try (ExecutorService processors =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      Map<String, List<CompletableFuture<CellResult>>> running = new LinkedHashMap<>();
      section
          .cases()
          .forEach((name, one) -> {
            List<CompletableFuture<CellResult>> runs = new ArrayList<>();
            for (PolicyName policy : one.policies()) {
              runs.add(
                  CompletableFuture.supplyAsync(
                      () -> run(section.title() + ": " + name, one.cell(), policy), processors));
            }
            running.put(name, runs);
          });
      running.forEach(
          (name, runs) -> results.put(name, runs.stream().map(CompletableFuture::join).toList()));
    }
    return results;
  }

  private CellResult run(String name, Cell cell, PolicyName policy) {
    CellResult result = cell.run(policy);
    done(name + ", " + policy.label());
    return result;
  }

  private synchronized void done(String name) {
    done++;
    progress.accept("%d of %d: %s".formatted(done, all, name));
  }
}
