package dev.tandem.webhook.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A body that has to be here in time. Over HTTP/1.1 a slow one is cut with its connection; over
 * HTTP/2 others share that. The deadline is looked at when bytes come, and a stream on which none
 * do ends by itself, so it takes at most twice as long. For one thread.
 */
final class PunctualBody extends FilterInputStream {

  private final Duration patience;
  private final long start = System.nanoTime();

  PunctualBody(InputStream body, Duration patience) {
    super(body);
    this.patience = patience;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (System.nanoTime() - start > patience.toNanos()) {
      throw new IOException("not here after %d s".formatted(patience.toSeconds()));
    }
    return read;
  }
}
