package dev.tandem.cli.simulate;

import dev.tandem.simulator.benchmark.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes what the benchmark found: pictures, and the tables of a page between two marks. */
final class BenchmarkPage {
  private static final String BEGIN = "<!-- tables: begin -->";
  private static final String END = "<!-- tables: end -->";

  private BenchmarkPage() {}

  /**
   * Writes into a folder, which is made if it is missing. Text outside the marks stays as it is.
   *
   * @param name of the page's file
   * @throws IllegalArgumentException if the page there has no marks
   * @throws IOException if a file cannot be read or written
   */
  static void write(Path folder, String name, Page page) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> picture : page.pictures().entrySet()) {
      Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
    }
    Path file = folder.resolve(name);
    String before = Files.exists(file) ? Files.readString(file) : BEGIN + "\n" + END + "\n";
    int begin = before.indexOf(BEGIN);
    int end = before.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "--output: " + file + " has no lines " + BEGIN + " and " + END + " to write between");
    }
    Files.writeString(
        file,
        before.substring(0, begin + BEGIN.length())
            + "\n\n"
            + page.tables()
            + before.substring(end));
  }
}
