package dev.tandem.extender.wire;

import dev.tandem.extender.decide.Utf8Names;
import java.nio.charset.StandardCharsets;

/**
 * A JSON value as the bytes it came in, so that thousands of nodes cost no more memory than the
 * body they came with, and go back unchanged. The body is shared and must not be written to.
 */
final class RawJson {
  private final byte[] body;
  private final int start;
  private final int end;

  RawJson(byte[] body, int start, int end) {
    this.body = body;
    this.start = start;
    this.end = end;
  }

  /** The value as text. */
  String text() {
    return new String(body, start, end - start, StandardCharsets.UTF_8);
  }

  /**
   * Shows each string of a list of strings up to the first with an escape.
   *
   * @return how many were shown
   */
  int plainStrings(Utf8Names.Reader reader) {
    int shown = 0;
    int at = start;
    while (at < end) {
      if (body[at++] != '"') {
        continue;
      }
      int from = at;
      while (body[at] != '"') {
        if (body[at++] == '\\') {
          return shown;
        }
      }
      reader.name(body, from, at++);
      shown++;
    }
    return shown;
  }

  /** The value between other bytes. */
  byte[] between(byte[] before, byte[] after) {
    int length = end - start;
    byte[] all = new byte[before.length + length + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(body, start, all, before.length, length);
    System.arraycopy(after, 0, all, before.length + length, after.length);
    return all;
  }
}
