package dev.tandem.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, as Linux counts it. */
record ResidentMemory(long kibibytes) {

  /** 0 where {@code /proc} does not tell. */
  static ResidentMemory of(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return new ResidentMemory(0);
    }
    return new ResidentMemory(
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0));
  }

  long mebibytes() {
    return kibibytes / 1024;
  }

  @Override
  public String toString() {
    return kibibytes == 0 ? "unknown" : mebibytes() + " MiB";
  }
}
