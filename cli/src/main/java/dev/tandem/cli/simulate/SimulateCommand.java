package dev.tandem.cli.simulate;

import picocli.CommandLine.Command;

/** What would come out where, without a cluster. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Runs the product's decisions next to other policies on modelled clusters.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PlacementCommand.class, RoutingCommand.class})
public final class SimulateCommand {}
