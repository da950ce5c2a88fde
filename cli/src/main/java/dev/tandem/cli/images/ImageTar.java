package dev.tandem.cli.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an image with Jib, offline and from scratch. Equal inputs give equal bytes, but for the
 * start cache: times are fixed and entries sorted. Layers, the one that changes least first:
 * runtime, libraries, our own jars, start cache. It runs as user 65532, with a read-only root if so
 * wished, and holds no shell.
 */
final class ImageTar {

  private static final String JAVA = "/opt/java";
  private static final String APPLICATION = "/opt/tandem";
  private static final String NATIVE = APPLICATION + "/native";
  private static final String ENTRY = APPLICATION + "/lib/entry.jar";
  private static final String CACHE = APPLICATION + "/start.aot";
  private static final Instant TIME = Instant.EPOCH.plusSeconds(1);
  private static final FilePermissions READ = FilePermissions.fromOctalString("644");
  private static final FilePermissions EXECUTE = FilePermissions.fromOctalString("755");
  private static final FilePermissions WRITE = FilePermissions.fromOctalString("777");

  private final FileEntriesLayer.Builder layer = FileEntriesLayer.builder();

  private ImageTar(String name) {
    layer.setName(name);
  }

  /**
   * Builds {@code image} into the docker archive {@code tar}, using {@code scratch} for what is
   * made on the way.
   *
   * @param cached whether to rehearse the process for a start cache
   */
  static void write(
      ProcessImage image,
      String tag,
      ClassPath classPath,
      Path runtime,
      List<Path> libraries,
      boolean cached,
      Path scratch,
      Path tar)
      throws IOException, InterruptedException {
    Files.deleteIfExists(tar);
    try {
      List<FileEntriesLayer> layers = new ArrayList<>();
      layers.add(runtime(runtime, libraries, scratch));
      layers.add(jars("libraries", classPath.others()));
      layers.add(own(image, classPath, cached, scratch));
      if (cached) {
        ImageTar built = new ImageTar("start-cache");
        built.add(trained(image, layers.subList(1, 3), classPath, runtime, scratch), CACHE);
        layers.add(built.layer.build());
      }
      Jib.fromScratch()
          .setFileEntriesLayers(layers)
          .setEntrypoint(JAVA + "/bin/java", "@" + APPLICATION + "/java.args")
          .setEnvironment(Map.of("PATH", JAVA + "/bin", "LANG", "C.UTF-8"))
          .setUser("65532:65532")
          .setWorkingDirectory(AbsoluteUnixPath.get("/tmp"))
          .setCreationTime(Instant.EPOCH)
          .addLabel("org.opencontainers.image.title", "tandem/" + image.name())
          .containerize(
              Containerizer.to(TarImage.at(tar).named("tandem/" + image.name() + ":" + tag))
                  .setBaseImageLayersCache(scratch.resolve("base-cache"))
                  .setApplicationLayersCache(scratch.resolve("cache"))
                  .setOfflineMode(true)
                  .setToolName("tandem"));
    } catch (InvalidImageReferenceException e) {
      throw new IOException("tag is " + tag + "; accepted: letters, digits, '_', '.' and '-'", e);
    } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
      throw new IOException("image " + image.name() + " could not be built: " + e.getMessage(), e);
    }
  }

  private static FileEntriesLayer runtime(Path runtime, List<Path> libraries, Path scratch)
      throws IOException {
    ImageTar built = new ImageTar("runtime");
    for (Path file : below(runtime)) {
      built.add(file.toRealPath(), JAVA + "/" + runtime.relativize(file));
    }
    for (Path library : libraries) {
      built.add(library.toRealPath(), library.toString());
    }
    built.add(
        file(scratch, "passwd", "tandem:x:65532:65532:Tandem:/tmp:/sbin/nologin\n"), "/etc/passwd");
    built.add(file(scratch, "group", "tandem:x:65532:\n"), "/etc/group");
    built.add(file(scratch, "nsswitch.conf", "hosts: files dns\n"), "/etc/nsswitch.conf");
    Path empty = Files.createDirectory(scratch.resolve("tmp"));
    built.layer.addEntry(new FileEntry(empty, AbsoluteUnixPath.get("/tmp"), WRITE, TIME));
    return built.layer.build();
  }

  private static FileEntriesLayer own(
      ProcessImage image, ClassPath classPath, boolean cached, Path scratch) throws IOException {
    ImageTar built = new ImageTar("tandem");
    for (Path jar : classPath.own()) {
      built.add(jar, inImage(jar));
    }
    for (Path library : NativeLibraries.unpack(classPath.others(), scratch.resolve("native"))) {
      built.add(library, NATIVE + "/" + library.getFileName());
    }
    built.add(entryJar(scratch.resolve("entry.jar")), ENTRY);
    List<String> words = arguments(image, classPath, "");
    if (cached) {
      words.addFirst("-XX:AOTCache=" + CACHE);
    }
    built.add(
        file(scratch, "java.args", String.join("\n", words) + "\n"), APPLICATION + "/java.args");
    return built.layer.build();
  }

  private static FileEntriesLayer jars(String name, List<Path> jars) {
    ImageTar built = new ImageTar(name);
    for (Path jar : jars) {
      built.add(jar, inImage(jar));
    }
    return built.layer.build();
  }

  /**
   * The launcher's own words, kept in a file: an entrypoint with the whole class path could not be
   * read.
   *
   * @param root the folder that is the image's root, without a slash at its end; empty inside
   */
  private static List<String> arguments(ProcessImage image, ClassPath classPath, String root) {
    List<String> words = new ArrayList<>(image.jvmFlags());
    // The root file system may be read-only: libraries lie where they are loaded from, and
    // neither the JVM's counters nor Vert.x's copies of class path files (it serves none) are
    // written.
    words.add("-Djava.library.path=" + root + NATIVE);
    words.add("-XX:-UsePerfData");
    words.add("-Dvertx.disableFileCPResolving=true");
    words.add("-cp");
    Stream<String> jars =
        Stream.concat(classPath.own().stream(), classPath.others().stream()).map(ImageTar::inImage);
    words.add(
        Stream.concat(Stream.of(ENTRY), jars)
            .map(jar -> root + jar)
            .collect(Collectors.joining(":")));
    words.add(ContainerEntry.class.getName());
    words.add(image.main());
    return words;
  }

  /**
   * The start cache of an image, made by its own runtime on files with the times and the order they
   * have in the image; the JVM looks at both.
   */
  private static Path trained(
      ProcessImage image,
      List<FileEntriesLayer> layers,
      ClassPath classPath,
      Path runtime,
      Path scratch)
      throws IOException, InterruptedException {
    Path root = scratch.resolve("root");
    for (FileEntriesLayer layer : layers) {
      for (FileEntry entry : layer.getEntries()) {
        Path at = root.resolve(entry.getExtractionPath().toString().substring(1));
        Files.createDirectories(at.getParent());
        Files.copy(entry.getSourceFile(), at);
        Files.setLastModifiedTime(at, FileTime.from(TIME));
      }
    }
    Path cache = scratch.resolve("start.aot");
    try (Rehearsal rehearsal = Rehearsal.of(image.command())) {
      StartCache.train(
          rehearsal,
          runtime.resolve("bin/java"),
          arguments(image, classPath, root.toString()),
          cache);
    }
    return cache;
  }

  private static String inImage(Path jar) {
    return APPLICATION + "/lib/" + jar.getFileName();
  }

  private void add(Path file, String at) {
    FilePermissions permissions = Files.isExecutable(file) ? EXECUTE : READ;
    layer.addEntry(new FileEntry(file, AbsoluteUnixPath.get(at), permissions, TIME));
  }

  private static Path file(Path scratch, String name, String text) throws IOException {
    return Files.writeString(scratch.resolve(name), text);
  }

  /** In a jar: the JVM caches no class of a folder. */
  private static Path entryJar(Path jar) throws IOException {
    String entry = ContainerEntry.class.getName().replace('.', '/') + ".class";
    try (InputStream in = ImageTar.class.getClassLoader().getResourceAsStream(entry);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      if (in == null) {
        throw new IOException(entry + " is not on the class path");
      }
      ZipEntry file = new ZipEntry(entry);
      file.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
      out.putNextEntry(file);
      in.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
