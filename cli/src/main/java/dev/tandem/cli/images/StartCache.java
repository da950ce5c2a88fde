package dev.tandem.cli.images;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The JVM's ahead-of-time cache (JEP 483, 514, 515): classes loaded and linked, and what the
 * compilers learnt, from a rehearsal of the process. A JVM that cannot use the file (another JDK,
 * collector or class path) starts as if there were none.
 */
final class StartCache {

  /** A rehearsal takes seconds; a machine that is busy with other work, a minute. */
  private static final int MOST_SECONDS = 300;

  private static final int SHOWN_LINES = 20;

  private StartCache() {}

  /**
   * Runs the process, has it do what it does in life, ends it, and keeps what its JVM writes then.
   *
   * @param java the JVM that will use the cache, or an exact copy of it
   * @param words its options, the class path among them, and the main class
   * @param cache is written whole or not at all
   * @throws IOException with what the process said, where it or the rehearsal fails
   */
  static void train(Rehearsal rehearsal, Path java, List<String> words, Path cache)
      throws IOException, InterruptedException {
    // A name of our own: two processes of one checkout may be started for the first time at once.
    Path made = cache.resolveSibling(cache.getFileName() + "." + ProcessHandle.current().pid());
    Path log = Files.createTempFile("tandem-rehearsal", ".log");
    try {
      List<String> command = new ArrayList<>(List.of(java.toString()));
      command.add("-XX:AOTCacheOutput=" + made);
      command.addAll(words);
      command.addAll(rehearsal.arguments());
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      try {
        play(rehearsal, process, log);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      if (!Files.exists(made)) {
        throw new IOException("the JVM wrote no cache:\n" + tail(log));
      }
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(log);
    }
  }

  private static void play(Rehearsal rehearsal, Process process, Path log)
      throws IOException, InterruptedException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String url = out.readLine();
    // The JVM's own remarks come on the same stream.
    while (url != null && !url.startsWith("http")) {
      url = out.readLine();
    }
    if (url == null) {
      throw new IOException("the process ended before it served:\n" + tail(log));
    }
    rehearsal.play(url);
    process.destroy();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the cache was not written within %d s".formatted(MOST_SECONDS));
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }
}
