package dev.tandem.simulator.routing.fleet;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transfer;
import dev.tandem.api.TransferCost;
import dev.tandem.simulator.routing.state.Sites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves caches between engines. A transfer first sets up and posts its descriptors, then flows at
 * the rate of the nearest level the two engines share, divided by the flows that want more than
 * their most crowded link carries: an engine's own link carries one at full rate, the uplink of a
 * block (leaf, spine) a few. Rates change whenever a flow begins or ends. One thread, the clock's.
 */
final class Network {
  private final Sites sites;
  private final Clock clock;
  private final List<Flow> flows = new ArrayList<>();
  private final Map<String, Integer> crowd = new HashMap<>();
  private double movedAt;
  private int version;

  private static final class Flow {
    final double fullRate;
    final List<String> links;
    final Runnable done;
    double bytesLeft;
    double rate;

    Flow(double fullRate, List<String> links, double bytes, Runnable done) {
      this.fullRate = fullRate;
      this.links = links;
      this.bytesLeft = bytes;
      this.done = done;
    }
  }

  Network(Sites sites, Clock clock) {
    this.sites = sites;
    this.clock = clock;
  }

  /** Moves so many tokens' cache from one engine to another. */
  void move(int from, int to, int tokens, Runnable done) {
    Transfer transfer =
        sites.model().transfer(tokens, sites.tensorParallel(), sites.tensorParallel());
    LocalityPath here = sites.places().get(from);
    LocalityPath there = sites.places().get(to);
    switch (sites.cost().estimate(here, there, transfer, 0)) {
      case TransferCost.Unknown unknown ->
          throw new IllegalStateException("engines share no network: " + unknown.reason());
      case TransferCost.Known known when transfer.bytes() == 0 -> clock.after(0, done);
      case TransferCost.Known known -> {
        TransferCost.Overhead overhead = sites.cost().overhead(known.step().transport());
        double rate = known.step().bandwidthGigabytesPerSecond() * 1e9 * overhead.efficiency();
        Flow flow =
            new Flow(rate, links(from, to, here, there, known.step()), transfer.bytes(), done);
        clock.after(
            overhead.setupSeconds() + transfer.descriptors() * overhead.postSeconds(),
            () -> begin(flow));
      }
    }
  }

  /**
   * The links a flow crosses: both engines' own, and the uplink of every block below the level they
   * meet at.
   */
  private static List<String> links(
      int from, int to, LocalityPath here, LocalityPath there, LocalityPath.Step meeting) {
    List<String> links = new ArrayList<>();
    links.add("out " + from);
    links.add("in " + to);
    uplinks(here, meeting, "up ", links);
    uplinks(there, meeting, "down ", links);
    return links;
  }

  /** Paths run from far to near: what comes after the meeting level is below it. */
  private static void uplinks(
      LocalityPath path, LocalityPath.Step meeting, String way, List<String> links) {
    boolean below = false;
    for (LocalityPath.Step step : path.steps()) {
      boolean block = step.level().equals("leaf") || step.level().equals("spine");
      if (below && block) {
        links.add(way + step.level() + " " + step.value());
      }
      below |= step.level().equals(meeting.level());
    }
  }

  private void begin(Flow flow) {
    advance();
    flows.add(flow);
    flow.links.forEach(link -> crowd.merge(link, 1, Integer::sum));
    rerate();
  }

  /** Lets every flow have what it moved since the rates last changed. */
  private void advance() {
    double seconds = clock.now() - movedAt;
    movedAt = clock.now();
    for (Flow flow : flows) {
      flow.bytesLeft -= flow.rate * seconds;
    }
  }

  private void rerate() {
    double soonest = Double.POSITIVE_INFINITY;
    for (Flow flow : flows) {
      double share = 1;
      for (String link : flow.links) {
        int carries = link.contains(" leaf ") || link.contains(" spine ") ? sites.uplinkFlows() : 1;
        share = Math.min(share, (double) carries / crowd.getOrDefault(link, 1));
      }
      flow.rate = flow.fullRate * Math.min(1, share);
      soonest = Math.min(soonest, Math.max(0, flow.bytesLeft) / flow.rate);
    }
    version++;
    if (!flows.isEmpty()) {
      int mine = version;
      clock.after(
          soonest,
          () -> {
            if (version == mine) {
              arrive();
            }
          });
    }
  }

  /** Half a byte is rounding. */
  private void arrive() {
    advance();
    List<Flow> arrived = flows.stream().filter(flow -> flow.bytesLeft < 0.5).toList();
    for (Flow flow : arrived) {
      flows.remove(flow);
      flow.links.forEach(link -> crowd.merge(link, -1, (a, b) -> a + b == 0 ? null : a + b));
    }
    rerate();
    arrived.forEach(flow -> flow.done.run());
  }
}
