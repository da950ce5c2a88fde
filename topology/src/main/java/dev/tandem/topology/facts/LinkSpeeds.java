package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One-way bandwidth and transport of the links of each level. Immutable.
 *
 * <p>The defaults are line rates of common hardware, one way: NVLink 4 with 18 links 450 GB/s, PCIe
 * 5 x16 about 50, a 400 Gb/s NIC below one leaf 50, half of that through an oversubscribed spine, a
 * quarter through the core, 25 Gb/s Ethernet between pods that share no more than a zone. A
 * topology file overrides them where the hardware differs.
 *
 * @param links a link for every level
 */
public record LinkSpeeds(Map<Level, Link> links) {

  /**
   * One level's link.
   *
   * @param bandwidthGigabytesPerSecond one way, for one GPU or NIC
   * @param transport what carries the bytes there
   */
  public record Link(double bandwidthGigabytesPerSecond, Transport transport) {
    /** 8 Mb/s: anything slower is a slip of units. */
    public static final double LEAST = 0.001;

    /** Over a hundred times the NVLink of today; also a slip of units. */
    public static final double MOST = 100_000;

    public Link {
      if (!(bandwidthGigabytesPerSecond >= LEAST && bandwidthGigabytesPerSecond <= MOST)) {
        throw new IllegalArgumentException(
            "bandwidth %s GB/s; accepted: %s to %s"
                .formatted(bandwidthGigabytesPerSecond, LEAST, MOST));
      }
    }
  }

  private static final LinkSpeeds DEFAULTS =
      new LinkSpeeds(
          Map.of(
              Level.NVLINK, new Link(450, Transport.MNNVL),
              Level.NODE, new Link(50, Transport.PCIE),
              Level.LEAF, new Link(50, Transport.RDMA),
              Level.SPINE, new Link(25, Transport.RDMA),
              Level.CORE, new Link(12.5, Transport.RDMA),
              Level.ZONE, new Link(3.1, Transport.TCP)));

  public LinkSpeeds {
    EnumMap<Level, Link> complete = new EnumMap<>(Level.class);
    complete.putAll(links);
    for (Level level : Level.values()) {
      if (!complete.containsKey(level)) {
        throw new IllegalArgumentException("no link for level " + level.label());
      }
    }
    links = Collections.unmodifiableMap(complete);
  }

  /** The documented defaults. */
  public static LinkSpeeds defaults() {
    return DEFAULTS;
  }

  /** These speeds with some levels replaced. */
  public LinkSpeeds with(Map<Level, Link> overrides) {
    EnumMap<Level, Link> merged = new EnumMap<>(links);
    merged.putAll(overrides);
    return new LinkSpeeds(merged);
  }

  /** The link of {@code level}. */
  public Link link(Level level) {
    Link link = links.get(level);
    if (link == null) {
      throw new IllegalStateException("no link for level " + level.label());
    }
    return link;
  }
}
