package dev.tandem.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Processor time this JVM and the processes below it have used, by the program's name. */
record ProcessorTime(Map<String, Duration> used) {

  /** The name this JVM's own time is under. */
  static final String DRIVER = "driver";

  private static final Duration QUIET = Duration.ofSeconds(1);

  /** Millis of processor time in a second in which nothing happens but what always does. */
  private static final double QUIET_MILLIS = 120;

  private static final int MOST_LOOKS = 30;

  /**
   * Now, after waiting until what a run before left to do is done, so that none pays for another;
   * on a machine where that never shows, half a minute.
   */
  static ProcessorTime whenQuiet() {
    ProcessorTime before = now();
    for (int look = 0; look < MOST_LOOKS; look++) {
      Patience.sleep(QUIET);
      ProcessorTime after = now();
      if (after.millisSince(before) < QUIET_MILLIS) {
        return after;
      }
      before = after;
    }
    return before;
  }

  static ProcessorTime now() {
    Map<String, Duration> used = new TreeMap<>();
    ProcessHandle own = ProcessHandle.current();
    Stream.concat(Stream.of(own), own.descendants())
        .forEach(process -> {
          Duration time = process.info().totalCpuDuration().orElse(Duration.ZERO);
          used.merge(name(process, own), time, Duration::plus);
        });
    return new ProcessorTime(used);
  }

  private static String name(ProcessHandle process, ProcessHandle own) {
    if (process.equals(own)) {
      return DRIVER;
    }
    String program = process.info().command().orElse("");
    return program.isEmpty() ? "other" : String.valueOf(Path.of(program).getFileName());
  }

  /** Milliseconds of all programs since {@code before}. */
  private double millisSince(ProcessorTime before) {
    return millisEach(before, 1).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Milliseconds for each of {@code count} since {@code before}, by program. */
  Map<String, Double> millisEach(ProcessorTime before, int count) {
    Map<String, Double> millis = new TreeMap<>();
    used.forEach((program, time) -> {
      Duration spent = time.minus(before.used.getOrDefault(program, Duration.ZERO));
      millis.put(program, spent.toNanos() / 1e6 / count);
    });
    return millis;
  }
}
