package dev.tandem.extender.decide;

import dev.tandem.topology.placement.Blocks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the names a scheduler offers into node numbers. One thread.
 *
 * <p>kube-scheduler walks its nodes in one order, question after question. So the name that
 * followed another one last time is looked at first, which spares nearly all look-ups of a name;
 * what is remembered changes the time an answer takes and nothing else.
 */
final class Offer {
  private @Nullable Blocks blocks;
  private int[] follower = {};

  /**
   * The names as numbers.
   *
   * @param offered whether each node was named, by number
   * @param nodes those that were, ascending, none twice
   * @param unknown names that no node has, with what to say of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; made for one decision
  record Numbers(boolean[] offered, int[] nodes, Map<String, String> unknown) {}

  Numbers read(Blocks now, List<String> names) {
    if (blocks != now) {
      blocks = now;
      follower = new int[now.size() + 1];
      Arrays.setAll(follower, i -> i % Math.max(1, now.size()));
    }
    boolean[] offered = new boolean[now.size()];
    Map<String, String> unknown = new LinkedHashMap<>();
    int before = now.size();
    int count = 0;
    for (String name : names) {
      int number = now.size() == 0 ? Blocks.NONE : follower[before];
      if (number == Blocks.NONE || !now.name(number).equals(name)) {
        number = now.indexOf(name);
        if (number == Blocks.NONE) {
          unknown.put(name, "node is not known to the extender's watch");
          continue;
        }
        follower[before] = number;
      }
      count += offered[number] ? 0 : 1;
      offered[number] = true;
      before = number;
    }
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
