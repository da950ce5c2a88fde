package dev.tandem.extender.record;

import dev.tandem.extender.decide.NodeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Runs a recording again and tells which answers differ.
 *
 * <p>Every call is answered in the very situation it was recorded in: changes come from the files,
 * and after each call the decider expects what was recorded, so that one different answer does not
 * change the next. Segments are independent and run side by side.
 */
public final class Replay {
  private final List<Path> files;
  private final Change change;
  private final LongAdder calls = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /**
   * What is different from when it was recorded.
   *
   * @param configuration from the recorded one to the one to go by
   * @param nodes from recorded nodes to those to go by
   * @param costs whether predictions differ from the recorded ones by that, so that recorded places
   *     must be priced anew before they are compared
   */
  public record Change(
      UnaryOperator<Configuration> configuration, UnaryOperator<NodeState> nodes, boolean costs) {
    /** Everything as it was recorded. */
    public static Change none() {
      return new Change(UnaryOperator.identity(), UnaryOperator.identity(), false);
    }
  }

  /**
   * A recording to run again.
   *
   * @param recording a folder of segments, or one segment
   * @throws IOException if the folder cannot be read
   * @throws IllegalArgumentException if there is no segment
   */
  public Replay(Path recording, Change change) throws IOException {
    this.files = Files.isDirectory(recording) ? Ring.files(recording) : List.of(recording);
    this.change = change;
    if (files.isEmpty() || !Files.isRegularFile(files.getFirst())) {
      throw new IllegalArgumentException(
          recording
              + " has no segment; accepted: the folder of 'tandem extender --record', with files"
              + " named "
              + Ring.PREFIX
              + "*"
              + Ring.PACKED
              + ", or one of them");
    }
  }

  /**
   * Runs everything and returns when it is done. What is in the files never makes it fail.
   *
   * @param threads segments run side by side, at least 1
   * @param results told of each segment, in order, on this thread
   */
  public Summary run(int threads, Consumer<SegmentResult> results) throws InterruptedException {
    Summary.Builder summary = new Summary.Builder();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("replay-", 1).factory());
    try {
      Queue<Future<SegmentResult>> running = new ArrayDeque<>();
      for (Path file : files) {
        running.add(pool.submit(() -> new SegmentRun(file, change, calls, bytes).run()));
      }
      for (Future<SegmentResult> next = running.poll(); next != null; next = running.poll()) {
        SegmentResult result = next.get();
        summary.add(result);
        results.accept(result);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a segment's run has a defect", e.getCause());
    } finally {
      pool.shutdownNow();
    }
    return summary.build();
  }

  /** Calls run again so far; any thread. */
  public long calls() {
    return calls.sum();
  }

  /** Share of the files read so far, 0 to 1; any thread. */
  public double progress() throws IOException {
    long total = 0;
    for (Path file : new ArrayList<>(files)) {
      total += Files.exists(file) ? Files.size(file) : 0;
    }
    return total == 0 ? 1 : Math.min(1, (double) bytes.sum() / total);
  }
}
