package dev.tandem.topology.imports;

import dev.tandem.topology.facts.BlockName;
import dev.tandem.topology.facts.TopologyFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A text to import, and what it is called in messages. Immutable.
 *
 * @param name the file, or {@code stdin}
 * @param node the node it was made on, for formats that do not say
 * @param text its text
 */
public record Source(String name, String node, String text) {
  /** Largest text accepted, in bytes. */
  public static final long MOST_BYTES = TopologyFile.MAX_BYTES;

  private static final Pattern NODE_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

  /**
   * Decodes a file.
   *
   * @throws ImportRefused if it is larger than {@link #MOST_BYTES} or not UTF-8 text
   */
  public static Source of(String name, String node, byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new ImportRefused(
          "%s: %d bytes; accepted: at most %d".formatted(name, bytes.length, MOST_BYTES));
    }
    try {
      return new Source(
          name,
          node,
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException e) {
      throw new ImportRefused(name + ": not UTF-8 text; accepted: " + Format.accepted(), e);
    }
  }

  /** A line of this text as messages name it. */
  String at(int line) {
    return name + ":" + line;
  }

  /** Whether Kubernetes could have a node of this name. */
  static boolean nodeName(String name) {
    return NODE_NAME.matcher(name).matches();
  }

  static String shown(String value) {
    return BlockName.shown(value);
  }
}
