package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;

final class PemTest {

  private final KeyedCertificate authority =
      new CertificateIssuer(Clock.systemUTC(), new SecureRandom())
          .authority("authority", Duration.ofDays(1));

  @Test
  void certificatesAndKeysAreReadBack() throws Exception {
    String two = Pem.write(List.of(authority.certificate(), authority.certificate()));
    assertThat(Pem.certificates(two)).hasSize(2).contains(authority.certificate());
    assertThat(Pem.privateKey(Pem.write(authority.key()))).isEqualTo(authority.key());
  }

  /** The forms cert-manager writes unless told otherwise. */
  @Test
  void keysInTheirOlderFormsAreRead() throws Exception {
    PrivateKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    assertThat(Pem.privateKey(older("RSA PRIVATE KEY", rsa))).isEqualTo(rsa);
    assertThatThrownBy(
            () -> Pem.privateKey("-----BEGIN NONSENSE-----\nAA==\n-----END NONSENSE-----"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void whatIsNoPemIsRefusedAndNothingElse() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String certificate = Pem.write(authority.certificate());
    String key = Pem.write(authority.key());
    for (int i = 0; i < 3_000; i++) {
      String text = random.nextBoolean() ? certificate : key;
      StringBuilder damaged = new StringBuilder(text);
      for (int j = 0; j <= random.nextInt(8); j++) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.setCharAt(at, (char) random.nextInt(256));
          case 1 -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(40)));
          default -> damaged.insert(at, damaged.substring(at / 2, at));
        }
        if (damaged.isEmpty()) {
          break;
        }
      }
      onlyRefused(damaged.toString(), seed);
    }
    onlyRefused("-".repeat(Pem.MOST_CHARACTERS + 1), seed);
  }

  private static void onlyRefused(String text, long seed) {
    try {
      Pem.certificates(text);
      Pem.privateKey(text);
    } catch (GeneralSecurityException e) {
      assertThat(e.getMessage()).isNotNull();
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + text, e);
    }
  }

  private static String older(String kind, PrivateKey key) throws Exception {
    byte[] inner =
        PrivateKeyInfo.getInstance(key.getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    java.io.StringWriter text = new java.io.StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(kind, inner));
    }
    return text.toString();
  }
}
