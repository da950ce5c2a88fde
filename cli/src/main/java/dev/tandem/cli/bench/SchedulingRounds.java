package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.ExtenderProcess;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.SchedulingLoad;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives the same load to kube-scheduler with each set-up in turn. Every run has a kube-scheduler of
 * its own, which has bound a group before the clock starts; nodes and extenders stay.
 */
final class SchedulingRounds {
  private static final String[] SETTLING = {"-groups=4", "-namespace=settling"};

  private final RealControlPlane plane;
  private final SchedulingLoad load;
  private final ExtenderProcess cut;
  private final ExtenderProcess ours;
  private final int pods;
  private final String[] flags;
  private final Consumer<String> progress;

  SchedulingRounds(
      RealControlPlane plane,
      ExtenderProcess cut,
      ExtenderProcess ours,
      int groups,
      int clients,
      Consumer<String> progress) {
    this.plane = plane;
    this.load = new SchedulingLoad(plane);
    this.cut = cut;
    this.ours = ours;
    this.pods = groups * 4;
    this.flags = new String[] {"-groups=" + groups, "-clients=" + clients};
    this.progress = progress;
  }

  /** Rounds that do not count: the JVM compiles what is run often, and caches fill. */
  void warmUp(int rounds) {
    for (int i = 0; i < rounds; i++) {
      one(0, SchedulingSetup.OURS);
    }
    if (rounds > 0) {
      one(0, SchedulingSetup.NONE);
      one(0, SchedulingSetup.CUT);
    }
  }

  /** Rounds in which every set-up has its turn; who is first changes with the round. */
  List<SchedulingRound> run(int rounds) {
    List<SchedulingSetup> order = new ArrayList<>(List.of(SchedulingSetup.values()));
    List<SchedulingRound> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (SchedulingSetup setup : order) {
        all.add(one(round, setup));
      }
      Collections.rotate(order, -1);
    }
    return all;
  }

  SchedulingRound one(int round, SchedulingSetup setup) {
    try (RealControlPlane.Scheduler scheduler =
        plane.startScheduler(
            "bench-scheduler", setup.configuration(url(setup)), plane.kubeconfig())) {
      load.run(SETTLING);
      Duration before = processorTime();
      SchedulingLoad.Report found = load.run(flags);
      double millis = processorTime().minus(before).toNanos() / 1e6 / pods;
      progress.accept(
          "round %d, %s: %.1f pods/s, %d of %d groups in one NVLink domain"
              .formatted(
                  round,
                  setup,
                  found.podsPerSecond(),
                  found.groupsInNvlinkDomain(),
                  found.groups()));
      check(found);
      return new SchedulingRound(round, setup, found, millis);
    }
  }

  private static void check(SchedulingLoad.Report found) {
    if (found.bound() < found.pods() || !found.overbooked().isEmpty()) {
      throw new IllegalStateException(
          "%d of %d pods were bound in time; overbooked nodes: %s"
              .formatted(found.bound(), found.pods(), found.overbooked()));
    }
  }

  private URI url(SchedulingSetup setup) {
    return switch (setup) {
      case NONE, OURS -> ours.url();
      case CUT -> cut.url();
    };
  }

  private Duration processorTime() {
    return ours.handle().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
