package dev.tandem.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a pod landed, from far to near, with the one-way bandwidth of a GPU or NIC and the
 * transport of each level: the value of {@link Keys#LOCALITY}. Immutable.
 *
 * <pre>{@code
 * path      = step *( "," step )                  at most 1 KiB and 16 steps, no blanks
 * step      = level "=" value "@" bandwidth "/" transport
 * level     = a-z *( a-z / 0-9 / "-" )            each level once; levels we do not know are kept
 * value     = 1*( A-Z a-z 0-9 "." "_" "-" / "%" HEX HEX )      any other byte of UTF-8 as %XX
 * bandwidth = decimal number of GB/s, above 0 and at most 1,000,000
 * transport = "nvlink" / "mnnvl" / "pcie" / "rdma" / "tcp"
 * }</pre>
 *
 * Two pods share a level where both paths have it with the same value; every shared level is a way
 * between them, and the cheapest for the bytes at hand counts ({@link TransferCost}). A path is
 * parsed, never trusted: an absurd one makes the link unknown.
 */
public record LocalityPath(List<Step> steps) {

  /** Longest value accepted, in characters (the grammar is ASCII, so also bytes). */
  public static final int MOST_CHARACTERS = 1024;

  /** Most steps accepted. */
  public static final int MOST_STEPS = 16;

  private static final double MOST_GIGABYTES_PER_SECOND = 1_000_000;
  private static final Pattern LEVEL = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern BANDWIDTH = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,6})?");
  private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9._-]|%[0-9A-F]{2})+");

  /**
   * One level of a path.
   *
   * @param level label of a {@link Level}, or of one we do not know
   * @param value name of the switch, domain or node, unescaped
   * @param bandwidthGigabytesPerSecond one way, a GPU or NIC
   * @param transport what carries the bytes between two pods that meet at this level
   */
  public record Step(
      String level, String value, double bandwidthGigabytesPerSecond, Transport transport) {
    public Step {
      if (!LEVEL.matcher(level).matches()) {
        throw new IllegalArgumentException(
            "level '%s': accepted is %s".formatted(level, LEVEL.pattern()));
      }
      if (value.isEmpty()) {
        throw new IllegalArgumentException("level %s has an empty value".formatted(level));
      }
      if (!(bandwidthGigabytesPerSecond > 0
          && bandwidthGigabytesPerSecond <= MOST_GIGABYTES_PER_SECOND)) {
        throw new IllegalArgumentException(
            "level %s: bandwidth %s GB/s: accepted is above 0 and at most 1000000"
                .formatted(level, bandwidthGigabytesPerSecond));
      }
    }

    @Override
    public String toString() {
      return level
          + "="
          + escape(value)
          + "@"
          + decimal(bandwidthGigabytesPerSecond)
          + "/"
          + transport.label();
    }
  }

  /** What {@link #parse} makes of an annotation. */
  public sealed interface Parsed permits Valid, Invalid {}

  /** A path in the grammar. */
  public record Valid(LocalityPath path) implements Parsed {}

  /** Not a path; the reason says where it breaks the grammar. */
  public record Invalid(String reason) implements Parsed {}

  public LocalityPath {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw new IllegalArgumentException(
          "%d steps: accepted are 1 to %d".formatted(steps.size(), MOST_STEPS));
    }
    Set<String> levels = new HashSet<>();
    for (Step step : steps) {
      if (!levels.add(step.level())) {
        throw new IllegalArgumentException("level %s is given twice".formatted(step.level()));
      }
    }
    if (written(steps).length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "%d characters: accepted are at most %d"
              .formatted(written(steps).length(), MOST_CHARACTERS));
    }
  }

  /** Reads the annotation's value; never throws, whatever the value. */
  public static Parsed parse(String value) {
    if (value.length() > MOST_CHARACTERS) {
      return new Invalid(
          "%d characters: accepted are at most %d".formatted(value.length(), MOST_CHARACTERS));
    }
    List<Step> steps = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      int equals = part.indexOf('=');
      int at = part.indexOf('@', equals + 1);
      int slash = part.indexOf('/', at + 1);
      if (equals < 0 || at < 0 || slash < 0) {
        return new Invalid("'%s' is not level=value@bandwidth/transport".formatted(part));
      }
      String name = part.substring(equals + 1, at);
      String bandwidth = part.substring(at + 1, slash);
      Transport transport = Transport.parse(part.substring(slash + 1));
      if (transport == null) {
        return new Invalid("'%s': unknown transport".formatted(part));
      }
      if (!VALUE.matcher(name).matches() || !BANDWIDTH.matcher(bandwidth).matches()) {
        return new Invalid("'%s': bad value or bandwidth".formatted(part));
      }
      try {
        steps.add(
            new Step(
                part.substring(0, equals),
                unescape(name),
                Double.parseDouble(bandwidth),
                transport));
      } catch (IllegalArgumentException e) {
        return new Invalid("'%s': %s".formatted(part, e.getMessage()));
      }
    }
    try {
      return new Valid(new LocalityPath(steps));
    } catch (IllegalArgumentException e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
  }

  /** The levels both paths share, far to near, each with the slower of the two bandwidths. */
  public List<Step> sharedWith(LocalityPath other) {
    List<Step> shared = new ArrayList<>();
    for (Step mine : steps) {
      for (Step theirs : other.steps) {
        if (mine.level.equals(theirs.level) && mine.value.equals(theirs.value)) {
          shared.add(
              mine.bandwidthGigabytesPerSecond <= theirs.bandwidthGigabytesPerSecond
                  ? mine
                  : theirs);
        }
      }
    }
    return shared;
  }

  /** The annotation's value. */
  @Override
  public String toString() {
    return written(steps);
  }

  private static String written(List<Step> steps) {
    return steps.stream().map(Step::toString).collect(Collectors.joining(","));
  }

  private static String decimal(double number) {
    String text = "%.6f".formatted(number);
    return text.replaceFirst("\\.?0+$", "");
  }

  private static String escape(String value) {
    StringBuilder escaped = new StringBuilder(value.length());
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-')) {
        escaped.append(c);
      } else {
        escaped.append("%%%02X".formatted(b & 0xff));
      }
    }
    return escaped.toString();
  }

  private static String unescape(String escaped) {
    if (escaped.indexOf('%') < 0) {
      return escaped;
    }
    byte[] bytes = new byte[escaped.length()];
    int length = 0;
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '%') {
        bytes[length++] = (byte) Integer.parseInt(escaped.substring(i + 1, i + 3), 16);
        i += 2;
      } else {
        bytes[length++] = (byte) escaped.charAt(i);
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
