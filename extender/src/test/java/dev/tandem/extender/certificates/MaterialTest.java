package dev.tandem.extender.certificates;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaterialTest {

  @Test
  void damagedFilesAreUsedOrRefusedByNameAndNothingElse(@TempDir Path folder) throws Exception {
    Authority authority = new Authority("authority");
    CertificateFiles files =
        new CertificateFiles(
            folder.resolve("tls.crt"), folder.resolve("tls.key"), folder.resolve("ca.crt"));
    authority.leaf("server").write(files.certificate(), files.key());
    authority.write(Objects.requireNonNull(files.clientAuthority()));
    List<byte[]> good = Material.bytes(files);

    long seed = Long.getLong("tandem.seed", 3);
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      List<byte[]> bytes = new ArrayList<>(good);
      int file = random.nextInt(bytes.size());
      bytes.set(file, damaged(bytes.get(file), random));
      try {
        assertThat(Material.of(files, bytes).clients()).as("seed %d", seed).isNotNull();
      } catch (BadMaterialException e) {
        refused++;
        assertThat(e.getMessage()).as("seed %d", seed).contains(folder.toString());
      } catch (RuntimeException e) {
        String text = new String(bytes.get(file), US_ASCII);
        throw new AssertionError("seed " + seed + ", round " + round + ":\n" + text, e);
      }
    }
    assertThat(refused).isPositive();
  }

  /** Bytes of the text changed, cut off, or a part of it said twice. */
  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        int at = random.nextInt(bytes.length);
        bytes = Arrays.copyOf(bytes, bytes.length + good.length - at);
        System.arraycopy(good, at, bytes, good.length, good.length - at);
      }
      default -> {
        for (int i = random.nextInt(6); i >= 0; i--) {
          // mostly Base64, so that the damage is within the structures too
          byte[] one = random.nextInt(4) == 0 ? new byte[] {(byte) random.nextInt(256)} : good;
          bytes[random.nextInt(bytes.length)] = one[random.nextInt(one.length)];
        }
      }
    }
    return bytes;
  }
}
