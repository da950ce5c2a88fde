package dev.tandem.router.events;

import java.time.Duration;

/**
 * Where an engine's events arrive, and how long its silence is borne.
 *
 * @param live endpoint the feed listens on and the engine connects to
 * @param replay endpoint the engine serves replays on
 * @param silence how long nothing may come from an engine that works before the link is made anew
 * @param answer how long the next frame of a replay may take
 */
public record Endpoints(String live, String replay, Duration silence, Duration answer) {

  public Endpoints {
    if (silence.toMillis() < 1 || answer.toMillis() < 1) {
      throw new IllegalArgumentException(
          "silence " + silence + ", answer " + answer + "; accepted: 1 ms or more");
    }
  }

  /** The endpoints of an engine at this address. */
  public static Endpoints at(String host, int livePort, int replayPort) {
    String address = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return new Endpoints(
        "tcp://" + address + ":" + livePort,
        "tcp://" + address + ":" + replayPort,
        Duration.ofSeconds(3),
        Duration.ofSeconds(1));
  }

  /** Where a later data-parallel rank of an engine is heard: each adds its number to the ports. */
  public Endpoints ofRank(int rank) {
    return new Endpoints(after(live, rank), after(replay, rank), silence, answer);
  }

  /** Ranks that can be heard before their ports reach those where the first one replays. */
  public int mostRanks() {
    int room = port(replay) - port(live);
    return room < 1 ? Integer.MAX_VALUE : room;
  }

  private static String after(String endpoint, int rank) {
    return endpoint.substring(0, endpoint.lastIndexOf(':') + 1) + (port(endpoint) + rank);
  }

  private static int port(String endpoint) {
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  /** The same with other patience. */
  public Endpoints withPatience(Duration forWork, Duration forReplay) {
    return new Endpoints(live, replay, forWork, forReplay);
  }
}
