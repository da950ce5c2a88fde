package dev.tandem.cli.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a tool of the system to its end. */
final class Command {

  private Command() {}

  /**
   * What the tool prints, both streams.
   *
   * @throws IOException when it cannot be started or does not exit with 0
   */
  static String run(List<String> words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(words.getFirst() + " exited with " + code + ": " + said.strip());
    }
    return said;
  }
}
