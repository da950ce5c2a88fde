package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster written down in YAML: docs/topology.md has the form. Immutable.
 *
 * @param nodes the nodes, in the order of the file
 * @param bandwidth the links the file overrides, by level
 * @param used GPUs taken by other work, by node; nodes without any are absent
 * @param transports the overheads the file overrides, by transport
 * @param levelKeys labels that win over the built-in ones, by level
 */
public record TopologyFile(
    List<NodeFacts> nodes,
    Map<Level, LinkSpeeds.Link> bandwidth,
    Map<String, Integer> used,
    Map<Transport, TransferCost.Overhead> transports,
    Map<Level, List<String>> levelKeys) {

  /** A larger file is not a topology: 100,000 nodes named one by one stay below it. */
  public static final long MAX_BYTES = 32L << 20;

  public TopologyFile {
    nodes = List.copyOf(nodes);
    bandwidth = Map.copyOf(bandwidth);
    used = Map.copyOf(used);
    transports = Map.copyOf(transports);
    Map<Level, List<String>> keys = new LinkedHashMap<>();
    levelKeys.forEach((level, labels) -> keys.put(level, List.copyOf(labels)));
    levelKeys = Collections.unmodifiableMap(keys);
  }

  /**
   * Reads a topology file.
   *
   * @throws IOException if the file cannot be read; the message is {@code path: cause}
   * @throws IllegalArgumentException if it is not a topology; the message names file, key and value
   */
  public static TopologyFile read(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            Files.size(file) + " bytes; a topology file has at most " + MAX_BYTES);
      }
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw Unreadable.of(file, e);
    }
  }

  /**
   * Parses the text of a topology file. Unknown keys are refused; a node that is named twice keeps
   * its first entry and says so in its {@link NodeFacts#problems}.
   *
   * @throws IllegalArgumentException if it is not a topology; the message names key and value
   */
  public static TopologyFile parse(String yaml) {
    return TopologyReader.parse(yaml);
  }

  /**
   * Parses a text with the {@code transports} section alone.
   *
   * @throws IllegalArgumentException if it is not that; the message names key and value
   */
  public static Map<Transport, TransferCost.Overhead> parseTransports(String yaml) {
    return TopologyReader.transports(yaml);
  }

  /** The text {@link #parse} reads as the same file, with names folded into bracket ranges. */
  public String yaml() {
    return new TopologyWriter(this).yaml();
  }

  /** The default speeds with this file's overrides. */
  public LinkSpeeds speeds() {
    return LinkSpeeds.defaults().with(bandwidth);
  }

  /** The node labels (topograph 1.0, clique, zone, GPU feature discovery) that say the same. */
  public static Map<String, String> labels(NodeFacts facts) {
    return NodeLabels.labels(facts);
  }
}
