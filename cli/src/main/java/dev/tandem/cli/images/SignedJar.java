package dev.tandem.cli.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A library whose jar is signed. The JVM reads every digest in its manifest (Bouncy Castle's has
 * 840 KB), checks each class as it loads it, and keeps none of them in a start cache: a quarter of
 * a second of a webhook's start. The build has checked what it fetched, and an image is signed as a
 * whole, so it gets the classes without the signature.
 */
final class SignedJar {

  private static final String SIGNATURE = "META-INF/[^/]+\\.(SF|RSA|DSA|EC)";

  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private SignedJar() {}

  /** The jar itself where it is not signed; else a copy in {@code folder} that is not. */
  static Path unsigned(Path jar, Path folder) throws IOException {
    try (ZipFile in = new ZipFile(jar.toFile())) {
      if (in.stream().noneMatch(entry -> entry.getName().matches(SIGNATURE))) {
        return jar;
      }
      Path copy = folder.resolve(jar.getFileName());
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
        for (ZipEntry entry : in.stream().toList()) {
          if (!entry.getName().matches(SIGNATURE)) {
            ZipEntry written = new ZipEntry(entry.getName());
            written.setTimeLocal(TIME);
            out.putNextEntry(written);
            out.write(bytes(in, entry));
            out.closeEntry();
          }
        }
      }
      return copy;
    }
  }

  private static byte[] bytes(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return entry.getName().equals(JarFile.MANIFEST_NAME) ? withoutDigests(in) : in.readAllBytes();
    }
  }

  /** The main section; the sections of single entries hold what the signature is over. */
  private static byte[] withoutDigests(InputStream in) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putAll(new Manifest(in).getMainAttributes());
    manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }
}
