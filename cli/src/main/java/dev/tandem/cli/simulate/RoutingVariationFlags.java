package dev.tandem.cli.simulate;

import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.routing.SplitPools;
import dev.tandem.simulator.routing.Variation;
import dev.tandem.simulator.routing.fleet.Faults;
import dev.tandem.simulator.routing.fleet.Hearsay;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What differs from the reference model; nothing by default. */
final class RoutingVariationFlags {
  private static final Pattern SPLIT = Pattern.compile("([0-9]{1,4})x([0-9]{1,4})");

  @Option(
      names = "--sessions",
      paramLabel = "K",
      defaultValue = "0",
      description = {
        "Closed loop: K sessions of the trace open at once, the next beginning when one has ended;",
        "needs session_id and gap_s (default: sessions begin at their own times)."
      })
  private int sessions;

  @Option(
      names = "--step-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Engines work in steps of at most N tokens, in which prompts (in chunks) and answers disturb",
        "each other; 2048 is vLLM's (default: one prompt at a time, undisturbed)."
      })
  private int stepTokens;

  @Option(
      names = "--routers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Routers that choose independently (default: ${DEFAULT-VALUE}).")
  private int routers;

  @Option(
      names = "--stale-ms",
      paramLabel = "MS",
      defaultValue = "0",
      description = {
        "How old what routers hear is; of their own choices they know at once",
        "(default: ${DEFAULT-VALUE})."
      })
  private double staleMillis;

  @Option(
      names = "--lost",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = {
        "Share of what routers are told that is lost and made good 2 s later",
        "(default: ${DEFAULT-VALUE})."
      })
  private double lost;

  @Option(
      names = "--restart-every",
      paramLabel = "S",
      defaultValue = "0",
      description = {
        "Engines restart with an empty cache, each after S seconds on the average; requests without a",
        "first token are routed again (default: never)."
      })
  private double restartEvery;

  @Option(
      names = "--down",
      paramLabel = "S",
      defaultValue = "30",
      description = "Seconds an engine is away at a restart (default: ${DEFAULT-VALUE}).")
  private double down;

  @Option(
      names = "--slow-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = {
        "Share of the time an engine is slow, in stretches of a minute (default: ${DEFAULT-VALUE})."
      })
  private double slowShare;

  @Option(
      names = "--slow-factor",
      paramLabel = "F",
      defaultValue = "2",
      description = "How many times as long prompts take then (default: ${DEFAULT-VALUE}).")
  private double slowFactor;

  @Option(
      names = "--split",
      paramLabel = "PxD",
      description = {
        "Pools of P prefill and D decode engines on --cluster, e.g. 16x16, with the time to move the",
        "cache; --load is that of the prefill engines."
      })
  private @Nullable String split;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = {
        "Where the split pools stand, at places drawn by the seed: large (96 nodes), nvl72 (72 nodes",
        "in four racks), or another of 'simulate placement --help' (default: large)."
      })
  private @Nullable String cluster;

  @Option(
      names = "--tensor-parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "GPUs an engine of the split pools (default: ${DEFAULT-VALUE}).")
  private int tensorParallel;

  @Option(
      names = "--uplink-flows",
      paramLabel = "N",
      defaultValue = "2",
      description = {
        "Engines that the uplink of a leaf or spine lets send at full rate at once",
        "(default: ${DEFAULT-VALUE})."
      })
  private int uplinkFlows;

  @Option(
      names = "--equal-links",
      description = "Every link of the split pools is as fast as a leaf's.")
  private boolean equalLinks;

  Variation variation() {
    return new Variation(
        sessions,
        stepTokens,
        new Hearsay(routers, staleMillis / 1000, lost),
        new Faults(restartEvery, down, slowShare, slowFactor),
        pools());
  }

  private @Nullable SplitPools pools() {
    String sizes = split;
    if (sizes == null) {
      if (cluster != null || equalLinks) {
        throw new IllegalArgumentException(
            "--cluster, --equal-links; accepted: only with --split PxD");
      }
      return null;
    }
    Matcher matcher = SPLIT.matcher(sizes);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "--split: " + sizes + "; accepted: prefill x decode engines, e.g. 16x16");
    }
    NamedCluster named = cluster == null ? NamedCluster.LARGE : NamedCluster.parse(cluster);
    if (named == null) {
      throw new IllegalArgumentException(
          "--cluster: " + cluster + "; accepted: " + NamedCluster.labels());
    }
    return new SplitPools(
        named,
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        tensorParallel,
        equalLinks,
        uplinkFlows);
  }
}
