package dev.tandem.topology.placement;

import dev.tandem.topology.facts.LinkSpeeds;
import java.util.Locale;

/** Says in one short line why a node was chosen. */
final class Reason {
  private Reason() {}

  static String of(LinkSpeeds speeds, Group group, Outcome outcome, boolean comfortable) {
    if (group.name() == null) {
      return "no group: fills the smallest gap, large free domains stay whole";
    }
    Outcome.Picture picture = outcome.picture();
    StringBuilder text = new StringBuilder("group ").append(group.name());
    if (outcome.unplaced() > 0) {
      text.append(", ").append(outcome.unplaced()).append(" pods without a place yet,");
    }
    boolean whole = picture.tier() == Tier.NVLINK || picture.tier() == Tier.BOARD;
    text.append(whole ? " whole in " : " in ").append(where(speeds, picture));
    text.append(", ").append(count(picture.nodes(), "node"));
    if (whole) {
      String fit = outcome.roomy() ? ", with room for one more" : ", tightest fit";
      text.append(group.placed().isEmpty() ? fit : ", beside its members");
    } else {
      text.append(" of ").append(count(picture.domains(), "domain"));
      if (outcome.seconds() > 0) {
        text.append(
            String.format(
                Locale.ROOT, ", %.0f%% of its KV stays in a domain", 100 * picture.nearShare()));
      }
      text.append(": no nearer place was free");
    }
    if (!comfortable && outcome.unplaced() == 0) {
      text.append(", in places another group waits for");
    }
    return text.toString();
  }

  static String noun(Tier tier) {
    return switch (tier) {
      case NVLINK -> "NVLink domain";
      case BOARD -> "node";
      case LEAF -> "leaf";
      case SPINE -> "spine";
      case CORE -> "core";
      case ZONE -> "zone";
      case ALL -> "cluster";
    };
  }

  private static String where(LinkSpeeds speeds, Outcome.Picture picture) {
    if (picture.tier() == Tier.ALL) {
      return "several zones or unlabelled nodes (link unknown)";
    }
    double bandwidth = speeds.link(picture.tier().level()).bandwidthGigabytesPerSecond();
    String number =
        bandwidth == Math.rint(bandwidth)
            ? Long.toString((long) bandwidth)
            : Double.toString(bandwidth);
    return noun(picture.tier()) + " " + picture.block() + " (" + number + " GB/s)";
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
