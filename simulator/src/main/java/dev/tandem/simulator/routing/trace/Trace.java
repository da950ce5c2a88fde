package dev.tandem.simulator.routing.trace;

import java.util.List;

/**
 * Requests and when they come, at the pace of life. Immutable.
 *
 * @param name what it is called in results
 * @param requests in order of time; those of one session in order of their turns
 * @param arrivals seconds since the trace began, by request; of no meaning for a request that
 *     follows another
 * @param distinctBlocks blocks are numbered below this
 */
@SuppressWarnings("ArrayRecordComponent")
public record Trace(String name, List<Request> requests, double[] arrivals, int distinctBlocks) {

  public Trace {
    requests = List.copyOf(requests);
    arrivals = arrivals.clone();
    if (requests.isEmpty() || requests.size() != arrivals.length) {
      throw new IllegalArgumentException(
          requests.size()
              + " requests, "
              + arrivals.length
              + " arrivals; accepted: as many, not 0");
    }
  }

  public int size() {
    return requests.size();
  }

  public Request request(int index) {
    return requests.get(index);
  }

  /** Seconds since the trace began. */
  public double arrival(int index) {
    return arrivals[index];
  }

  /** Seconds from the first arrival to the last. */
  public double span() {
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < arrivals.length; i++) {
      if (!request(i).followsAnother()) {
        first = Math.min(first, arrivals[i]);
        last = Math.max(last, arrivals[i]);
      }
    }
    return Math.max(0, last - first);
  }
}
