package dev.tandem.cli.bench;

import dev.tandem.cli.images.StartCacheCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A start cache of one process as its image has it, made for a benchmark and gone with it. */
final class RehearsedStart implements AutoCloseable {
  private final Path folder;
  private final Path cache;

  private RehearsedStart(Path folder, Path cache) {
    this.folder = folder;
    this.cache = cache;
  }

  /** Rehearses; what goes wrong there is on standard error, and the process starts without. */
  static RehearsedStart of(String process) throws IOException {
    Path folder = Files.createTempDirectory("tandem-bench");
    Path cache = folder.resolve(process);
    new CommandLine(new StartCacheCommand()).execute(process, cache.toString());
    return new RehearsedStart(folder, cache);
  }

  /** The cache, or null where none was made. */
  @Nullable Path cache() {
    return Files.exists(cache) ? cache : null;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(cache);
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
