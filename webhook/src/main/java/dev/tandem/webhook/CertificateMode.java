package dev.tandem.webhook;

import java.nio.file.Path;

/** Who makes and renews the serving certificate. */
public sealed interface CertificateMode {

  /** This process, for itself alone. */
  record InMemory() implements CertificateMode {}

  /** We do, in a Secret that all replicas share. */
  record OwnSecret(String name) implements CertificateMode {
    public OwnSecret {
      checkName(name);
    }
  }

  /** cert-manager does, in a Secret, and writes the {@code caBundle} too; we only follow. */
  record CertManager(String secret) implements CertificateMode {
    public CertManager {
      checkName(secret);
    }
  }

  /** Somebody does, in {@code tls.crt} and {@code tls.key} of a folder; looked at every 10 s. */
  record Files(Path folder) implements CertificateMode {}

  private static void checkName(String name) {
    if (!name.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "certificate secret: \"%s\": accepted is the name of a Secret such as tandem-webhook"
              .formatted(name));
    }
  }
}
