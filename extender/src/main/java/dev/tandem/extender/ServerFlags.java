package dev.tandem.extender;

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

  Server server() {
    return new Server(host, port);
  }
}
