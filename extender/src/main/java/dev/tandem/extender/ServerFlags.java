package dev.tandem.extender;

import dev.tandem.extender.certificates.CertificateFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line of {@link Server}. */
final class ServerFlags {
  private static final Server DEFAULTS = Server.defaults();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = DEFAULTS.host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = DEFAULTS.port();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = {
        "Serving certificate and its chain in PEM, leaf first: serves HTTPS.",
        "Replaced files are taken within seconds, bad ones leave the old in use."
      })
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of --tls-cert in PEM, not encrypted.")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description =
          "Authorities in PEM whose client certificates may ask; all but probes and metrics"
              + " then need one.")
  private @Nullable Path clientAuthority;

  Server server() {
    return new Server(host, port, tls());
  }

  private @Nullable CertificateFiles tls() {
    Path leaf = certificate;
    Path secret = key;
    if (leaf != null && secret != null) {
      return new CertificateFiles(leaf, secret, clientAuthority);
    }
    if (leaf == null && secret == null && clientAuthority == null) {
      return null;
    }
    throw new IllegalArgumentException(
        "--tls-cert, --tls-key and --client-ca: the first two go together, and the third needs them;"
            + " given: --tls-cert "
            + leaf
            + ", --tls-key "
            + secret
            + ", --client-ca "
            + clientAuthority);
  }
}
