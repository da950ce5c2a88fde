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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Writes an image with Jib, offline and from scratch. Equal inputs give equal bytes: times are
 * fixed and entries sorted. Three layers, the one that changes least first: runtime, libraries, our
 * own jars. It runs as user 65532, with a read-only root if so wished, and holds no shell.
 */
final class ImageTar {

  private static final String JAVA = "/opt/java";
  private static final String APPLICATION = "/opt/tandem";
  private static final String NATIVE = APPLICATION + "/native";
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
   */
  static void write(
      ProcessImage image,
      String tag,
      ClassPath classPath,
      Path runtime,
      List<Path> libraries,
      Path scratch,
      Path tar)
      throws IOException, InterruptedException {
    Files.deleteIfExists(tar);
    try {
      Jib.fromScratch()
          .setFileEntriesLayers(
              runtime(runtime, libraries, scratch),
              jars("libraries", classPath.others()),
              own(image, classPath, scratch))
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

  private static FileEntriesLayer own(ProcessImage image, ClassPath classPath, Path scratch)
      throws IOException {
    ImageTar built = new ImageTar("tandem");
    for (Path jar : classPath.own()) {
      built.add(jar, inImage(jar));
    }
    for (Path library : NativeLibraries.unpack(classPath.others(), scratch.resolve("native"))) {
      built.add(library, NATIVE + "/" + library.getFileName());
    }
    String entry = ContainerEntry.class.getName().replace('.', '/') + ".class";
    built.add(copy(entry, scratch.resolve("entry.class")), APPLICATION + "/entry/" + entry);
    built.add(file(scratch, "java.args", arguments(image, classPath)), APPLICATION + "/java.args");
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
   */
  private static String arguments(ProcessImage image, ClassPath classPath) {
    List<String> words = new ArrayList<>(image.jvmFlags());
    words.add("-XX:+ExitOnOutOfMemoryError");
    // The root file system may be read-only: libraries lie where they are loaded from, and
    // neither the JVM's counters nor Vert.x's copies of class path files (it serves none) are
    // written.
    words.add("-Djava.library.path=" + NATIVE);
    words.add("-XX:-UsePerfData");
    words.add("-Dvertx.disableFileCPResolving=true");
    words.add("-cp");
    Stream<String> jars =
        Stream.concat(classPath.own().stream(), classPath.others().stream()).map(ImageTar::inImage);
    words.add(String.join(":", Stream.concat(Stream.of(APPLICATION + "/entry"), jars).toList()));
    words.add(ContainerEntry.class.getName());
    words.add(image.main());
    return String.join("\n", words) + "\n";
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

  private static Path copy(String resource, Path to) throws IOException {
    try (InputStream in = ImageTar.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is not on the class path");
      }
      Files.copy(in, to);
      return to;
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
