package dev.tandem.cli.page;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to one request. Each becomes one server-sent event whose name is {@link
 * #type()}.
 */
public sealed interface PageEvent {

  /** The run the request belongs to. */
  Run run();

  /** The request; unique within its run. */
  String id();

  /** When it happened, in seconds since the run began. */
  double atSeconds();

  /** The event's name on the wire. */
  @JsonIgnore
  default String type() {
    return switch (this) {
      case Routed _ -> "routed";
      case FirstToken _ -> "first-token";
      case Finished _ -> "finished";
    };
  }

  /**
   * A router has chosen who serves the request.
   *
   * @param prefillPod null when {@code decodePod} serves the request alone
   * @param bytes KV cache that moves from the one to the other; 0 when nothing moves
   * @param predictedSeconds the time the router expects that move to take; 0 when nothing moves
   */
  record Routed(
      Run run,
      String id,
      double atSeconds,
      @Nullable String prefillPod,
      String decodePod,
      long bytes,
      double predictedSeconds)
      implements PageEvent {}

  /**
   * The first token has come.
   *
   * @param seconds since the request was sent
   */
  record FirstToken(Run run, String id, double atSeconds, double seconds) implements PageEvent {}

  /**
   * The request has ended.
   *
   * @param outcome {@code ok}, or what went wrong in a few words
   */
  record Finished(Run run, String id, double atSeconds, String outcome) implements PageEvent {}
}
