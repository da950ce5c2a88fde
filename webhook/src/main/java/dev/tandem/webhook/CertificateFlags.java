package dev.tandem.webhook;

import dev.tandem.webhook.certificates.Rotation;
import dev.tandem.webhook.tls.TlsLibrary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about certificates. */
final class CertificateFlags {

  /** Who makes the serving certificate. */
  enum Mode {
    /** We do. */
    own,
    /** cert-manager does. */
    cert_manager,
    /** Somebody does, in files. */
    files
  }

  @Option(
      names = "--certificates",
      paramLabel = "MODE",
      defaultValue = "own",
      description = {
        "Who makes the serving certificate: own (we do), cert_manager (it does, in",
        "--certificate-secret), files (somebody does, in --certificate-folder)",
        "(default: ${DEFAULT-VALUE})."
      })
  private Mode mode = Mode.own;

  @Option(
      names = "--tls",
      paramLabel = "LIBRARY",
      defaultValue = "boringssl",
      description = {
        "What shakes hands: boringssl (the JDK where it does not load, and for Ed25519 keys), jdk",
        "(default: ${DEFAULT-VALUE})."
      })
  private TlsLibrary tls = TlsLibrary.boringssl;

  @Option(
      names = "--certificate-secret",
      paramLabel = "NAME",
      description =
          "Secret in --namespace that all replicas share (default: a certificate in memory).")
  private @Nullable String secret;

  @Option(
      names = "--certificate-folder",
      paramLabel = "DIR",
      description = "Folder with tls.crt and tls.key, for --certificates=files.")
  private @Nullable Path folder;

  @Option(
      names = "--certificate-life",
      paramLabel = "DURATION",
      defaultValue = "P30D",
      description = {
        "Life of a serving certificate of ours, renewed after two thirds of it",
        "(ISO 8601, default: ${DEFAULT-VALUE})."
      })
  private Duration life = Duration.ofDays(30);

  @Option(
      names = "--authority-life",
      paramLabel = "DURATION",
      defaultValue = "P365D",
      description = "Life of the authority that signs it (default: ${DEFAULT-VALUE}).")
  private Duration authorityLife = Duration.ofDays(365);

  @Option(
      names = "--extender-secret",
      paramLabel = "NAME",
      description = {
        "Keep certificates for mutual TLS between an extender and a kube-scheduler of",
        "another pod in this Secret (default: none)."
      })
  private @Nullable String extenderSecret;

  /**
   * The mode the flags amount to.
   *
   * @throws IllegalArgumentException where one lacks another
   */
  CertificateMode mode() {
    String name = secret;
    Path where = folder;
    if (where != null && mode != Mode.files) {
      throw new IllegalArgumentException(
          "--certificate-folder: \"%s\": needs --certificates=files".formatted(where));
    }
    return switch (mode) {
      case own ->
          name == null ? new CertificateMode.InMemory() : new CertificateMode.OwnSecret(name);
      case cert_manager -> {
        if (name == null) {
          throw new IllegalArgumentException(
              "--certificates: \"cert_manager\": needs --certificate-secret, the Secret that its"
                  + " Certificate names");
        }
        yield new CertificateMode.CertManager(name);
      }
      case files -> {
        if (where == null || name != null) {
          throw new IllegalArgumentException(
              "--certificates: \"files\": needs --certificate-folder, and no --certificate-secret");
        }
        yield new CertificateMode.Files(where);
      }
    };
  }

  TlsLibrary tls() {
    return tls;
  }

  /** When our own certificates are renewed; each process draws its own jitter. */
  Rotation rotation(RandomGenerator random) {
    Rotation standard = Rotation.standard(random.nextDouble(Rotation.MOST_JITTER));
    return new Rotation(
        authorityLife, life, standard.settle(), standard.grace(), standard.jitter());
  }

  @Nullable String extenderSecret() {
    return extenderSecret;
  }
}
