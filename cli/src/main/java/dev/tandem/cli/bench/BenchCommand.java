package dev.tandem.cli.bench;

import picocli.CommandLine.Command;

/** The benchmarks of {@code docs/benchmarks.md}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures single processes; docs/benchmarks.md holds the figures.",
    subcommands = {ExtenderBench.class, RouterBench.class})
public final class BenchCommand {}
