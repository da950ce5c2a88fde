package dev.tandem.router.proxy;

import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.Fleet;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest decisions with what was known when they were made, up to a bound; the oldest go. Of a
 * prompt only its size and its first block hashes are kept. Used from the router's event loop.
 */
final class Decisions {

  /** Hashes kept of a prompt: what a policy that goes by beginnings looks at. */
  private static final int MOST_BLOCKS = 64;

  private final int most;
  private final Deque<Decision> newest = new ArrayDeque<>();

  /**
   * One decision.
   *
   * @param at when it was made
   * @param request the request's id
   */
  record Decision(Instant at, String request, Demand demand, Fleet fleet, Choice choice) {}

  Decisions(int most) {
    this.most = most;
  }

  void made(Instant at, String request, Demand demand, Fleet fleet, Choice choice) {
    if (most == 0) {
      return;
    }
    if (newest.size() == most) {
      newest.removeLast();
    }
    newest.addFirst(new Decision(at, request, demand.withBlocks(MOST_BLOCKS), fleet, choice));
  }

  /** At most so many, newest first. */
  List<Decision> last(int count) {
    List<Decision> last = new ArrayList<>();
    for (Decision decision : newest) {
      if (last.size() >= count) {
        break;
      }
      last.add(decision);
    }
    return last;
  }
}
