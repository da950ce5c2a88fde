package dev.tandem.cli.topology;

import picocli.CommandLine.Command;

/** What is known of a cluster's interconnect, offline. */
@Command(
    name = "topology",
    mixinStandardHelpOptions = true,
    description = {
      "Reads and shows descriptions of a cluster's interconnect.",
      "Writes the files that the extender and the webhook read."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TopologyImportCommand.class,
      TopologyShowCommand.class,
      TopologyCalibrateCommand.class
    })
public final class TopologyCommand {}
