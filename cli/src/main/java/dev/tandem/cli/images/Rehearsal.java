package dev.tandem.cli.images;

import java.io.IOException;
import java.util.List;

/** What a process does while its start cache is made: as in life, for a moment, on loopback. */
interface Rehearsal extends AutoCloseable {

  /** The process's arguments, its command first. */
  List<String> arguments();

  /**
   * Has the process at {@code url} do its work; returns when it has.
   *
   * @throws IOException where it does not within a minute
   */
  void play(String url) throws IOException, InterruptedException;

  @Override
  void close();

  /** The rehearsal of a process by the command that starts it. */
  static Rehearsal of(String command) throws IOException {
    return switch (command) {
      case "extender", "webhook", "controller" -> new ClusterRehearsal(command);
      case "router", "vllm-standin" -> new TrafficRehearsal(command);
      default ->
          throw new IllegalArgumentException(
              "command: \"%s\": accepted are extender, webhook, controller, router, vllm-standin"
                  .formatted(command));
    };
  }
}
