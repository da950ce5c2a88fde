package dev.tandem.webhook.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads bodies, one of the large ones at a time: anybody who reaches the port may send eight
 * mebibytes, and two of them at once would be more than the heap. Any thread.
 */
final class LargeBodies {

  /** A large pod; etcd takes at most 1.5 MiB of one. */
  static final int SMALL = 1 << 18;

  /** Read and parsed one takes up to six times its size, of a heap of 80 MiB. */
  private static final int AT_A_TIME = 1;

  private static final long PATIENCE_MILLIS = 2_000;

  private final Semaphore places = new Semaphore(AT_A_TIME, true);

  /** There were too many large bodies for two seconds. */
  static final class Busy extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * Reads at most {@code most} bytes and uses them.
   *
   * @throws IOException where the body breaks off
   * @throws Busy where there is no place for a large one
   */
  <T> T read(InputStream body, int most, Function<byte[], T> use) throws IOException, Busy {
    byte[] start = body.readNBytes(Math.min(SMALL, most));
    if (start.length < SMALL) {
      return use.apply(start);
    }
    if (!acquired()) {
      throw new Busy();
    }
    try {
      return use.apply(whole(start, body, most));
    } finally {
      places.release();
    }
  }

  /** Grows as bytes come, so that nobody is given memory for what he only announces. */
  private static byte[] whole(byte[] start, InputStream body, int most) throws IOException {
    byte[] bytes = start;
    int length = start.length;
    while (length < most) {
      bytes = Arrays.copyOf(bytes, Math.min(2 * length, most));
      int read = body.readNBytes(bytes, length, bytes.length - length);
      length += read;
      if (length < bytes.length) {
        return Arrays.copyOf(bytes, length);
      }
    }
    return bytes;
  }

  private boolean acquired() {
    try {
      return places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
