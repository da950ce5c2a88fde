package dev.tandem.cli.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The C library files a runtime is linked against, taken from this machine (glibc): the image has
 * no other base. Names are resolved through {@code libnss}, which glibc opens by name when it is
 * asked for a host, so no linker lists it.
 */
final class SystemLibraries {

  private static final Pattern LINE =
      Pattern.compile("\\s(/\\S+) \\(0x[0-9a-f]+\\)$", Pattern.MULTILINE);
  private static final List<String> BY_NAME =
      List.of("libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

  private SystemLibraries() {}

  /** Absolute paths, as the dynamic linker finds them, in order. */
  static List<Path> neededBy(Path runtime) throws IOException, InterruptedException {
    Set<Path> found = new TreeSet<>();
    for (Path binary : binaries(runtime)) {
      found.addAll(listed(Command.run(List.of("ldd", binary.toString()))));
    }
    found.removeIf(library -> library.startsWith(runtime));
    Path libc =
        found.stream()
            .filter(library -> library.endsWith("libc.so.6"))
            .findFirst()
            .orElseThrow(() ->
                new IOException(
                    "no libc.so.6 among " + found + ": images need a build machine with glibc"));
    for (String name : BY_NAME) {
      Path library = libc.resolveSibling(name);
      if (Files.exists(library)) {
        found.add(library);
      }
    }
    return List.copyOf(found);
  }

  /** The files in what {@code ldd} printed. */
  static List<Path> listed(String ldd) {
    List<Path> files = new ArrayList<>();
    Matcher matcher = LINE.matcher(ldd);
    while (matcher.find()) {
      files.add(Path.of(matcher.group(1)));
    }
    return files;
  }

  private static List<Path> binaries(Path runtime) throws IOException {
    try (Stream<Path> files = Files.walk(runtime)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".so") || file.endsWith("bin/java"))
          .sorted()
          .toList();
    }
  }
}
