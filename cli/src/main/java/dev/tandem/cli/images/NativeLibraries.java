package dev.tandem.cli.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The native libraries that Netty and Conscrypt keep inside their jars, for the architecture of
 * this machine. At run time they would unpack them to {@code /tmp}, which a container with a
 * read-only root does not have.
 */
final class NativeLibraries {

  private static final String FOLDER = "META-INF/native/";

  private NativeLibraries() {}

  /** Unpacks into {@code folder}, which is made; says what it wrote. */
  static List<Path> unpack(List<Path> jars, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> unpacked = new ArrayList<>();
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : zip.stream().filter(NativeLibraries::isOurs).toList()) {
          Path to = folder.resolve(entry.getName().substring(FOLDER.length()));
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, to);
          }
          unpacked.add(to);
        }
      }
    }
    return unpacked;
  }

  /**
   * They name the file {@code libnetty_transport_native_epoll_x86_64.so} or {@code
   * ..._aarch_64.so}, and {@code libconscrypt_openjdk_jni-linux-x86_64.so} or {@code
   * ...-linux-aarch_64.so}.
   */
  private static boolean isOurs(ZipEntry entry) {
    String architecture =
        System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("aarch64")
            ? "aarch_64"
            : "x86_64";
    String name = entry.getName();
    return name.startsWith(FOLDER + "lib")
        && name.indexOf('/', FOLDER.length()) < 0
        && (name.endsWith("_" + architecture + ".so")
            || name.endsWith("-linux-" + architecture + ".so"));
  }
}
