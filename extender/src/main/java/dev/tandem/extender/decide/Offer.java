package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Blocks;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes a scheduler offers, on their way from names to numbers. One thread, one question. */
final class Offer implements Utf8Names.Reader {
  private final Blocks blocks;
  private final boolean[] offered;
  private final Map<String, String> unknown = new LinkedHashMap<>();
  private int count;

  private Offer(Blocks blocks) {
    this.blocks = blocks;
    this.offered = new boolean[blocks.size()];
  }

  /**
   * The names as numbers.
   *
   * @param offered whether each node was named, by number
   * @param nodes those that were, ascending, none twice
   * @param unknown names that no node has, with what to say of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; made for one decision
  record Numbers(boolean[] offered, int[] nodes, Map<String, String> unknown) {}

  static Numbers read(Blocks blocks, List<String> names) {
    Offer offer = new Offer(blocks);
    Utf8Names.each(names, offer);
    return offer.numbers();
  }

  @Override
  public void name(byte[] in, int from, int to) {
    int number = blocks.indexOf(in, from, to);
    if (number == Blocks.NONE) {
      String name = new String(in, from, to - from, StandardCharsets.UTF_8);
      unknown.put(name, "node is not known to the extender's watch");
    } else if (!offered[number]) {
      offered[number] = true;
      count++;
    }
  }

  private Numbers numbers() {
    int[] nodes = new int[count];
    int at = 0;
    for (int node = 0; at < count; node++) {
      if (offered[node]) {
        nodes[at++] = node;
      }
    }
    return new Numbers(offered, nodes, unknown);
  }
}
