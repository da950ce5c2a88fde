package dev.tandem.extender.wire;

import java.nio.charset.StandardCharsets;

/**
 * One Node object as the bytes it came in, so that thousands of whole nodes cost no more memory
 * than the body they came with, and go back unchanged. The body is shared and must not be written
 * to.
 */
final class RawNode {
  private final byte[] body;
  private final int start;
  private final int end;

  RawNode(byte[] body, int start, int end) {
    this.body = body;
    this.start = start;
    this.end = end;
  }

  /** The object's JSON. */
  String json() {
    return new String(body, start, end - start, StandardCharsets.UTF_8);
  }
}
