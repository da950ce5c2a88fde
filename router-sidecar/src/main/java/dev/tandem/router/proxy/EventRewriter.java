package dev.tandem.router.proxy;

import dev.tandem.router.request.CachedTokens;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Passes a stream of events on, with the count of cached tokens put right in those that carry
 * usage. Other events go on byte for byte; an event is held back only until its last byte is there,
 * and at most {@value #MOST_EVENT} bytes of it, beyond which it passes as it is.
 */
final class EventRewriter {

  private static final int MOST_EVENT = 1 << 20;
  private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);

  private final long cachedTokens;
  private Buffer held = Buffer.buffer();

  EventRewriter(long cachedTokens) {
    this.cachedTokens = cachedTokens;
  }

  /** What can be passed on after this chunk. */
  Buffer chunk(Buffer chunk) {
    byte[] bytes = held.appendBuffer(chunk).getBytes();
    Buffer out = Buffer.buffer(bytes.length);
    int from = 0;
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || afterBlank(bytes, i))) {
        event(bytes, from, i + 1, out);
        from = i + 1;
      }
    }
    held = Buffer.buffer();
    if (bytes.length - from > MOST_EVENT) {
      out.appendBytes(bytes, from, bytes.length - from);
    } else {
      held.appendBytes(bytes, from, bytes.length - from);
    }
    return out;
  }

  /** What is left when the stream ends. */
  Buffer rest() {
    return held;
  }

  private static boolean afterBlank(byte[] bytes, int i) {
    return i >= 3 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n';
  }

  private void event(byte[] bytes, int from, int to, Buffer out) {
    if (!contains(bytes, from, to)) {
      out.appendBytes(bytes, from, to - from);
      return;
    }
    int lineStart = from;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        line(new String(bytes, lineStart, i + 1 - lineStart, StandardCharsets.UTF_8), out);
        lineStart = i + 1;
      }
    }
  }

  private void line(String line, Buffer out) {
    if (!line.startsWith("data:") || !line.contains("{")) {
      out.appendString(line);
      return;
    }
    int json = line.indexOf('{');
    int end = line.lastIndexOf('}') + 1;
    byte[] rewritten =
        CachedTokens.rewrite(
            line.substring(json, end).getBytes(StandardCharsets.UTF_8), cachedTokens);
    out.appendString(line.substring(0, json))
        .appendBytes(rewritten)
        .appendString(line.substring(end));
  }

  private static boolean contains(byte[] bytes, int from, int to) {
    for (int i = from; i + USAGE.length <= to; i++) {
      int matched = 0;
      while (matched < USAGE.length && bytes[i + matched] == USAGE[matched]) {
        matched++;
      }
      if (matched == USAGE.length) {
        return true;
      }
    }
    return false;
  }
}
