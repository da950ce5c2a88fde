package dev.tandem.router;

import dev.tandem.api.Ports;
import dev.tandem.router.index.ApproximateIndex;
import dev.tandem.router.index.ExactIndex;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.index.PrefixIndex;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where the router knows the engines' caches from.
 *
 * @param source whom it believes
 * @param eventsPort port on which it hears its own engine's KV events
 * @param replayPort port on which the engine serves what was missed
 */
public record IndexConfig(Source source, int eventsPort, int replayPort) {

  public static final IndexConfig DEFAULT =
      new IndexConfig(Source.AUTO, Ports.EVENTS, Ports.EVENTS_REPLAY);

  /** Whom an index believes. */
  public enum Source {
    /** An engine that tells of its cache; where it does not, what it was sent. */
    AUTO,
    /** What an engine was sent. KV events are not heard. */
    APPROXIMATE,
    /** What an engine tells, and what it was sent and has not finished. */
    EXACT;

    /** The value in flags and files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The source of this label.
     *
     * @throws IllegalArgumentException naming the accepted ones
     */
    public static Source of(String label) {
      for (Source source : values()) {
        if (source.label().equals(label)) {
          return source;
        }
      }
      throw new IllegalArgumentException(
          "index '%s'; accepted: %s"
              .formatted(
                  label,
                  Arrays.stream(values()).map(Source::label).collect(Collectors.joining(", "))));
    }
  }

  public IndexConfig {
    port("eventsPort", eventsPort);
    port("replayPort", replayPort);
  }

  /** An empty index of this kind. */
  public PrefixIndex index(int blocksPerEngine) {
    return switch (source) {
      case AUTO -> new MixedIndex(blocksPerEngine);
      case APPROXIMATE -> new ApproximateIndex(blocksPerEngine);
      case EXACT -> new ExactIndex(blocksPerEngine);
    };
  }

  /** Whether KV events are heard. */
  public boolean hearsEvents() {
    return source != Source.APPROXIMATE;
  }

  private static void port(String name, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(name + " " + port + "; accepted: 1 to 65535");
    }
  }
}
