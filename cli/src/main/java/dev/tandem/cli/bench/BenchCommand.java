package dev.tandem.cli.bench;

import picocli.CommandLine.Command;

/** The benchmarks of {@code docs/benchmarks/}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures speed and memory; docs/benchmarks/ holds the figures.",
    subcommands = {
      AdmissionBench.class,
      ExtenderBench.class,
      PeersBench.class,
      ReplayBench.class,
      RouterBench.class,
      SchedulingBench.class
    })
public final class BenchCommand {}
