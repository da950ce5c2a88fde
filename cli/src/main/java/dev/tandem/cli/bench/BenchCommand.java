package dev.tandem.cli.bench;

import picocli.CommandLine.Command;

/** The benchmarks of {@code docs/benchmarks/}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures single processes; docs/benchmarks/ holds the figures.",
    subcommands = {ExtenderBench.class, RouterBench.class})
public final class BenchCommand {}
