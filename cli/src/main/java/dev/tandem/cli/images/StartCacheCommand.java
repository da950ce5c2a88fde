package dev.tandem.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the start cache by which {@code ./tandem PROCESS} starts sooner; the launcher calls it. */
@Command(
    name = "start-cache",
    mixinStandardHelpOptions = true,
    description = {
      "Rehearses one process of this checkout and writes the JVM's cache of it.",
      "By that it starts in about half the time. The launcher does so by itself, once after each "
          + "build."
    })
public final class StartCacheCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "PROCESS",
      description = "extender, webhook, controller, router or vllm-standin.")
  private String process = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "Where to write the cache.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path cache = file;
    if (cache == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    Path folder = cache.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    List<String> words = new ArrayList<>(ProcessImage.of(process).jvmFlags());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.tandem.cli.Main"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try (Rehearsal rehearsal = Rehearsal.of(process)) {
      StartCache.train(rehearsal, java, words, cache.toAbsolutePath());
    }
    return 0;
  }
}
