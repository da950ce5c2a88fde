package dev.tandem.extender;

import dev.tandem.extender.certificates.CertificateFiles;

/**
 * How the extender runs, a part each. Immutable.
 *
 * @param server what it listens on
 * @param planning how it decides
 * @param sources where it learns how nodes are joined
 * @param recording what it keeps of its decisions
 */
public record ExtenderConfig(
    Server server, Planning planning, Sources sources, Recording recording) {

  /** The defaults, on any free loopback port. */
  public static ExtenderConfig defaults() {
    return new ExtenderConfig(
        Server.defaults().withPort(0),
        Planning.defaults(),
        Sources.defaults(),
        Recording.defaults());
  }

  /** The same with its decisions recorded. */
  public ExtenderConfig withRecording(Recording other) {
    return new ExtenderConfig(server, planning, sources, other);
  }

  /** The same over TLS. */
  public ExtenderConfig withTls(CertificateFiles files) {
    return new ExtenderConfig(server.withTls(files), planning, sources, recording);
  }

  /** The same on another port. */
  public ExtenderConfig withPort(int port) {
    return new ExtenderConfig(server.withPort(port), planning, sources, recording);
  }
}
