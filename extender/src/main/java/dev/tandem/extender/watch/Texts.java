package dev.tandem.extender.watch;

import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.TopologyFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The texts configuration is made of, from one origin or several. Immutable.
 *
 * @param topology a topology file's, or null
 * @param transports the overheads', which win over those in the topology file, or null
 */
record Texts(@Nullable Text topology, @Nullable Text transports) {
  static final Texts NONE = new Texts(null, null);

  /**
   * A text and where it is from.
   *
   * @param origin for messages
   * @param text its content
   */
  record Text(String origin, String text) {}

  /** These texts, with another's where this has none. */
  Texts over(Texts other) {
    return new Texts(
        topology == null ? other.topology : topology,
        transports == null ? other.transports : transports);
  }

  /** Those of these texts that another has none in place of. */
  List<Text> missingIn(Texts other) {
    List<Text> missing = new ArrayList<>(2);
    if (topology != null && other.topology == null) {
      missing.add(topology);
    }
    if (transports != null && other.transports == null) {
      missing.add(transports);
    }
    return missing;
  }

  /**
   * What they say.
   *
   * @throws IllegalArgumentException if a text is not what it should be; names its origin
   */
  KnownTopology read() {
    KnownTopology known = KnownTopology.nothing();
    Text file = topology;
    if (file != null) {
      known = named(file, text -> KnownTopology.of(TopologyFile.parse(text)));
    }
    Text overheads = transports;
    return overheads == null
        ? known
        : known.withTransports(named(overheads, TopologyFile::parseTransports));
  }

  private static <T> T named(Text text, Function<String, T> parse) {
    try {
      return parse.apply(text.text());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(text.origin() + ": " + e.getMessage(), e);
    }
  }
}
