package dev.tandem.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignedJarTest {

  private static final String MAIN = "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n";
  private static final String DIGESTS = "Name: a/B.class\r\nSHA-256-Digest: abc=\r\n\r\n";

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aSignedJarKeepsItsClassesAndMainAttributesAndLosesSignatureAndDigests() throws IOException {
    Path jar =
        jar(
            Map.of(
                "META-INF/MANIFEST.MF", MAIN + DIGESTS,
                "META-INF/SIGNER.SF", "s",
                "META-INF/SIGNER.EC", "e",
                "META-INF/services/x.Y", "z",
                "a/B.class", "bytes"));

    Path copy = SignedJar.unsigned(jar, Files.createDirectory(folder.resolve("out")));

    assertThat(copy).hasFileName("library.jar").isNotEqualTo(jar);
    try (JarFile read = new JarFile(copy.toFile())) {
      assertThat(read.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/services/x.Y", "a/B.class");
      assertThat(read.getManifest().getMainAttributes().getValue("Multi-Release"))
          .isEqualTo("true");
      assertThat(read.getManifest().getEntries()).isEmpty();
      assertThat(read.getInputStream(read.getEntry("a/B.class"))).hasContent("bytes");
    }
  }

  @Test
  void aJarThatIsNotSignedIsTakenAsItIs() throws IOException {
    Path jar = jar(Map.of("META-INF/MANIFEST.MF", MAIN + DIGESTS, "a/B.class", "bytes"));

    assertThat(SignedJar.unsigned(jar, folder.resolve("out"))).isEqualTo(jar);
  }

  private Path jar(Map<String, String> entries) throws IOException {
    Path jar = folder.resolve("library.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return jar;
  }
}
