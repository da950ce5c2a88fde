package dev.tandem.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The same work on several threads at once, each with its own connection. */
final class ParallelCalls {

  private ParallelCalls() {}

  /** What one thread does. */
  @FunctionalInterface
  interface Work {
    /**
     * @param index from 0, of the thread
     * @param nanos to be filled with what each call took
     */
    void run(int index, long[] nanos) throws IOException;
  }

  /** What all calls of all threads took, in nanoseconds, sorted. */
  static long[] sorted(int threads, int calls, Work work) throws InterruptedException {
    long[][] nanos = new long[threads][calls];
    AtomicReference<Exception> failed = new AtomicReference<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  work.run(index, nanos[index]);
                } catch (IOException | RuntimeException e) {
                  failed.set(e);
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    Exception cause = failed.get();
    if (cause != null) {
      throw new IllegalStateException("a connection failed: " + cause, cause);
    }
    return Arrays.stream(nanos).flatMapToLong(Arrays::stream).sorted().toArray();
  }
}
