package dev.tandem.cli.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds the image of every process; prints one line a tar: its path, name and size. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = {
      "Builds a container image of each process as a tar, without a container engine.",
      "Load one with 'docker load -i FILE', 'ctr -n k8s.io images import FILE' or 'kind load image-archive FILE'."
    })
public final class ImagesCommand implements Callable<Integer> {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write the tars here (default: target/images of the checkout).")
  private @Nullable Path out;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      defaultValue = "dev",
      description = "Tag of every image (default: ${DEFAULT-VALUE}).")
  private String tag = "dev";

  @Option(
      names = "--no-start-cache",
      description = {
        "Leave out the JVM's start cache, made by rehearsing each process here: the images are",
        "then equal byte by byte for equal inputs, and start in about twice the time."
      })
  private boolean withoutCache;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("tandem.home", "."));
    Path folder = out == null ? home.resolve("target/images") : out;
    Files.createDirectories(folder);
    Path work = Files.createTempDirectory("tandem-images");
    try {
      build(home, folder, work);
    } finally {
      Folders.delete(work);
    }
    return 0;
  }

  private void build(Path home, Path folder, Path work) throws IOException, InterruptedException {
    Path runtime = JavaRuntime.link(work.resolve("runtime"));
    List<Path> libraries = SystemLibraries.neededBy(runtime);
    for (ProcessImage image : ProcessImage.ALL) {
      Path tar = folder.resolve(image.name() + ".tar");
      Path scratch = Files.createDirectory(work.resolve(image.name()));
      ImageTar.write(
          image,
          tag,
          ClassPath.of(home, image.module())
              .unsigned(Files.createDirectory(scratch.resolve("unsigned"))),
          runtime,
          libraries,
          !withoutCache,
          scratch,
          tar);
      print(
          String.format(
              Locale.ROOT,
              "%s tandem/%s:%s %.1f MB",
              tar,
              image.name(),
              tag,
              Files.size(tar) / 1e6));
    }
  }

  private void print(String line) {
    PrintWriter to = spec == null ? new PrintWriter(System.out, true) : spec.commandLine().getOut();
    to.println(line);
    to.flush();
  }
}
