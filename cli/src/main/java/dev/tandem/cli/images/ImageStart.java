package dev.tandem.cli.images;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an image starts its process, for benchmarks that have no container: with the image's flags,
 * its class path and a start cache, on the JDK that runs this. Its files go when it is closed.
 */
public final class ImageStart implements AutoCloseable {

  private final ProcessImage image;
  private final String classPath;
  private final Path folder;
  private @Nullable Path cache;

  private ImageStart(ProcessImage image, String classPath, Path folder) {
    this.image = image;
    this.classPath = classPath;
    this.folder = folder;
  }

  /**
   * Rehearses the process that answers {@code command}.
   *
   * @throws IOException where its module is not packaged, or the rehearsal fails
   */
  public static ImageStart rehearsed(String command) throws IOException, InterruptedException {
    ProcessImage image = ProcessImage.of(command);
    Path home = Path.of(System.getProperty("tandem.home", "."));
    Path folder = Files.createTempDirectory("tandem-image");
    ClassPath jars = ClassPath.of(home, image.module()).unsigned(folder);
    // What the image takes of our own jar is one class, in a jar of its own.
    String classPath =
        Stream.of(List.of(ClassPath.of(home, "cli").own().getFirst()), jars.own(), jars.others())
            .flatMap(List::stream)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    ImageStart start = new ImageStart(image, classPath, folder);
    Path cache = folder.resolve("start.aot");
    try (Rehearsal rehearsal = Rehearsal.of(command)) {
      StartCache.train(rehearsal, start.java(), start.words(false), cache);
    } catch (IOException | InterruptedException | RuntimeException e) {
      start.close();
      throw e;
    }
    start.cache = cache;
    return start;
  }

  /** The JVM. */
  public Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /**
   * What the JVM is given before the process's own arguments, of which the command is the first.
   *
   * @param cached whether with the start cache
   */
  public List<String> words(boolean cached) {
    List<String> words = new ArrayList<>(image.jvmFlags());
    if (cached && cache != null) {
      words.addFirst("-XX:AOTCache=" + cache);
    }
    words.addAll(List.of("-cp", classPath, ContainerEntry.class.getName(), image.main()));
    return words;
  }

  @Override
  public void close() {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
