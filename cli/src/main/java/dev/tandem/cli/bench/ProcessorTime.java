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
  double millisSince(ProcessorTime before) {
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
