package dev.tandem.simulator.routing;

import dev.tandem.simulator.routing.trace.BadTrace;
import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;
import dev.tandem.simulator.routing.trace.TraceReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/** Traces for tests: the public ones where they are, and small ones made up. */
final class Traces {
  private static final Path FOLDER = Path.of("../../shared/traces");

  private Traces() {}

  static Trace conversation() throws BadTrace {
    return read("mooncake_conversation_trace.jsonl.gz");
  }

  static Trace toollike() throws BadTrace {
    return read("toollike_trace.jsonl.gz");
  }

  private static Trace read(String name) throws BadTrace {
    Path file = FOLDER.resolve(name);
    Assumptions.assumeTrue(
        Files.isReadable(file), "the trace " + file + " is absent, so its figures are not checked");
    return TraceReader.read(file);
  }

  /**
   * Prompts that begin with one of {@code prefixes} shared ones and go on with blocks of their own.
   *
   * @param prefixes lengths of the shared beginnings, in blocks; the first is the most frequent
   * @param hot share of the requests that begin with the first
   */
  static Trace shared(long seed, int requests, double hot, int... prefixes) {
    Random random = new Random(seed);
    List<Request> all = new ArrayList<>();
    double[] arrivals = new double[requests];
    int next = IntStream.of(prefixes).sum();
    double at = 0;
    for (int i = 0; i < requests; i++) {
      int prefix =
          random.nextDouble() < hot || prefixes.length == 1
              ? 0
              : 1 + random.nextInt(prefixes.length - 1);
      int start = IntStream.of(prefixes).limit(prefix).sum();
      int own = 1 + random.nextInt(8);
      int[] blocks = new int[prefixes[prefix] + own];
      for (int b = 0; b < blocks.length; b++) {
        blocks[b] = b < prefixes[prefix] ? start + b : next++;
      }
      int input = Request.BLOCK_TOKENS * blocks.length - random.nextInt(Request.BLOCK_TOKENS);
      all.add(new Request(i, input, 50 + random.nextInt(200), blocks, -1, Double.NaN));
      at += -Math.log(1 - random.nextDouble());
      arrivals[i] = at;
    }
    return new Trace("shared", all, arrivals, next);
  }
}
