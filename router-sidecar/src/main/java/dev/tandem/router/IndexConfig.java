package dev.tandem.router;

import dev.tandem.api.Ports;
import dev.tandem.router.index.ApproximateIndex;
import dev.tandem.router.index.ExactIndex;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.index.PrefixIndex;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where the router knows the engines' caches from.
 *
 * @param source whom it believes
 * @param eventsPort port on which it hears its own engine's KV events
 * @param replayPort port on which the engine serves what was missed
 * @param tokenize when engines are asked for the token ids of a text
 * @param tokenizeWithin how long such a question may hold a request up
 */
public record IndexConfig(
    Source source, int eventsPort, int replayPort, Tokenize tokenize, Duration tokenizeWithin) {

  // A block of cache that is not found for want of the ids costs 8 ms to compute (64 tokens at
  // 8,000 a second), so this is what a dozen blocks are worth.
  private static final Duration TOKENIZE_WITHIN = Duration.ofMillis(100);

  public static final IndexConfig DEFAULT =
      new IndexConfig(
          Source.AUTO, Ports.EVENTS, Ports.EVENTS_REPLAY, Tokenize.AUTO, TOKENIZE_WITHIN);

  /** When engines are asked for the token ids of prompts that come as text. */
  public enum Tokenize {
    /** While an engine tells of its cache, which it does in token ids. */
    AUTO,
    /** Never: such prompts are known by their text. */
    NEVER;

    /** The value in flags and files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The value of this label.
     *
     * @throws IllegalArgumentException naming the accepted ones
     */
    public static Tokenize of(String label) {
      for (Tokenize tokenize : values()) {
        if (tokenize.label().equals(label)) {
          return tokenize;
        }
      }
      throw new IllegalArgumentException("tokenize '" + label + "'; accepted: auto, never");
    }
  }

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
    if (tokenizeWithin.toMillis() < 1) {
      throw new IllegalArgumentException(
          "tokenizeMillis " + tokenizeWithin.toMillis() + "; accepted: 1 or more");
    }
  }

  /** The same with another source. */
  public IndexConfig withSource(Source other) {
    return new IndexConfig(other, eventsPort, replayPort, tokenize, tokenizeWithin);
  }

  /** The same with events elsewhere. */
  public IndexConfig withPorts(int events, int replay) {
    return new IndexConfig(source, events, replay, tokenize, tokenizeWithin);
  }

  /** The same with other questions for token ids. */
  public IndexConfig withTokenize(Tokenize when, Duration within) {
    return new IndexConfig(source, eventsPort, replayPort, when, within);
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
