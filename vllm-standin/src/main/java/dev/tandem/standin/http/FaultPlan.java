package dev.tandem.standin.http;

import dev.tandem.standin.flags.UsageError;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on purpose, as {@code KIND[,rate=R][,seed=S]} with the kinds {@code none}, {@code
 * 500}, {@code hang}, {@code die}, {@code cut:N} and {@code error:N}. Immutable.
 *
 * @param kind what happens
 * @param chunks chunks of a stream that still come, for CUT and ERROR
 * @param rate share of the requests it happens to, 0 to 1
 * @param seed of the choice
 */
public record FaultPlan(Kind kind, int chunks, double rate, long seed) {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(Kind.NONE, 0, 0, 0);

  private static final String ACCEPTED =
      "none, 500, hang, die, cut:N or error:N, then optionally ,rate=0..1 and ,seed=N";

  /** The ways a request can go wrong. */
  public enum Kind {
    /** It does not. */
    NONE,
    /** Answered with 500 and vLLM's error body. */
    FAIL,
    /** Never answered. */
    HANG,
    /** The engine closes all its sockets. */
    DIE,
    /** The connection is closed after so many chunks (an answer in one piece: half way). */
    CUT,
    /** The stream ends with vLLM's error event after so many chunks. */
    ERROR
  }

  public FaultPlan {
    if (!(rate >= 0 && rate <= 1) || chunks < 0) {
      throw new IllegalArgumentException(
          "rate " + rate + " must be 0 to 1 and chunks " + chunks + " 0 or more");
    }
  }

  /**
   * Reads a plan; null is {@link #NONE}.
   *
   * @throws UsageError when it is none
   */
  public static FaultPlan parse(@Nullable String text) {
    if (text == null) {
      return NONE;
    }
    String[] parts = text.strip().toLowerCase(Locale.ROOT).split(",", -1);
    String[] kind = parts[0].split(":", 2);
    double rate = 1;
    long seed = 1;
    try {
      for (int i = 1; i < parts.length; i++) {
        if (parts[i].startsWith("rate=")) {
          rate = Double.parseDouble(parts[i].substring(5));
        } else if (parts[i].startsWith("seed=")) {
          seed = Long.parseLong(parts[i].substring(5));
        } else {
          throw refused(text);
        }
      }
      int chunks = kind.length == 2 ? Integer.parseInt(kind[1]) : 0;
      Kind named = kind(kind[0]);
      boolean counts = named == Kind.CUT || named == Kind.ERROR;
      if (named == null || counts != (kind.length == 2)) {
        throw refused(text);
      }
      return new FaultPlan(named, chunks, named == Kind.NONE ? 0 : rate, seed);
    } catch (IllegalArgumentException e) {
      throw refused(text);
    }
  }

  private static @Nullable Kind kind(String name) {
    return switch (name) {
      case "none" -> Kind.NONE;
      case "500" -> Kind.FAIL;
      case "hang" -> Kind.HANG;
      case "die" -> Kind.DIE;
      case "cut" -> Kind.CUT;
      case "error" -> Kind.ERROR;
      default -> null;
    };
  }

  private static UsageError refused(String text) {
    return new UsageError("argument --standin-fault: '" + text + "', accepted: " + ACCEPTED);
  }
}
