package dev.tandem.cli.simulate;

import dev.tandem.simulator.placement.Background;
import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.placement.Shape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster, and what runs on it already. */
final class ClusterFlags {
  private static final int NODES = 256;
  private static final int GPUS = 8;
  private static final int DOMAIN = 16;
  private static final int LEAF = 32;
  private static final int SPINE = 256;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = {
        "A cluster with a name in place of the sizes below: small-tree, medium, large, nvl72, dual",
        "(shapes of NVIDIA/topograph's test models), 256, 1000, 5000 (regular, 8 GPUs a node,",
        "domains of 16, leaves of 32, spines of 256), or fragmented (256, every second node half",
        "filled)."
      })
  private @Nullable String cluster;

  @Option(names = "--nodes", paramLabel = "N", description = "Nodes (default: " + NODES + ").")
  private @Nullable Integer nodes;

  @Option(
      names = "--gpus-per-node",
      paramLabel = "N",
      description = "GPUs of a node (default: " + GPUS + ").")
  private @Nullable Integer gpusPerNode;

  @Option(
      names = "--nvlink-domain",
      paramLabel = "N",
      description = "Nodes of an NVLink domain, 0 for none (default: " + DOMAIN + ").")
  private @Nullable Integer nvlinkDomain;

  @Option(
      names = "--leaf",
      paramLabel = "N",
      description = "Nodes below a leaf switch (default: " + LEAF + ").")
  private @Nullable Integer leaf;

  @Option(
      names = "--spine",
      paramLabel = "N",
      description = "Nodes below a spine switch (default: " + SPINE + ").")
  private @Nullable Integer spine;

  @Option(
      names = "--busy",
      paramLabel = "SHARE",
      description = {
        "Share of the nodes half filled, evenly spread, e.g. 0.5 or 50%% for every second",
        "(default: 0.5)."
      })
  private @Nullable String busy;

  @Option(
      names = "--scatter",
      description = "Draw the busy nodes by the seed in place of spreading them evenly.")
  private boolean scatter;

  @Option(
      names = "--allocation",
      paramLabel = "SHARE",
      description = {
        "In place of --busy: share of the GPUs in use after pods of half a node came and went by the",
        "seed."
      })
  private @Nullable String allocation;

  Shape shape() {
    String name = cluster;
    if (name == null) {
      return Shape.of(
          new Shape.Sizes(
              or(nodes, NODES),
              or(gpusPerNode, GPUS),
              or(nvlinkDomain, DOMAIN),
              or(leaf, LEAF),
              or(spine, SPINE)));
    }
    if (nodes != null
        || gpusPerNode != null
        || nvlinkDomain != null
        || leaf != null
        || spine != null) {
      throw new IllegalArgumentException(
          "--cluster "
              + name
              + " has its own sizes; accepted with it: none of --nodes, --gpus-per-node,"
              + " --nvlink-domain, --leaf, --spine");
    }
    if (name.equals("fragmented")) {
      return NamedCluster.N256.shape();
    }
    NamedCluster named = NamedCluster.parse(name);
    if (named == null) {
      throw new IllegalArgumentException(
          "--cluster: " + name + "; accepted: fragmented, " + NamedCluster.labels());
    }
    return named.shape();
  }

  Background background() {
    String used = allocation;
    if (used != null) {
      if (busy != null || scatter) {
        throw new IllegalArgumentException(
            "--allocation: " + used + "; accepted: alone, without --busy and --scatter");
      }
      return new Background.Lived(share("--allocation", used));
    }
    double share = busy == null ? 0.5 : share("--busy", busy);
    return scatter ? new Background.Scattered(share) : new Background.Even(share);
  }

  private static int or(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }

  /** Reads 0.5 and 50% alike. */
  private static double share(String flag, String text) {
    boolean percent = text.endsWith("%");
    double value;
    try {
      value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    double share = percent ? value / 100 : value;
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(flag + ": " + text + "; accepted: 0 to 1, or 0% to 100%");
    }
    return share;
  }
}
