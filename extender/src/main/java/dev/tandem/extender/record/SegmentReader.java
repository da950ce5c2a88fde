package dev.tandem.extender.record;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a segment, packed or plain. What is damaged is told and passed over; a packed
 * segment that is torn or damaged ends there. A line has at most {@value #MOST_LINE} bytes. One
 * thread.
 */
final class SegmentReader implements AutoCloseable {
  static final int MOST_LINE = 8 << 20;

  private final LineCodec codec = new LineCodec();
  private final String name;
  private final Damages damages;
  private final @Nullable InputStream in;
  private byte[] bytes = new byte[1 << 12];
  private long line;

  /** Told what was passed over. */
  interface Damages {
    void add(Damage damage);
  }

  /**
   * @param read told how many bytes of the file have been read
   */
  SegmentReader(Path file, LongAdder read, Damages damages) throws IOException {
    this.name = String.valueOf(file.getFileName());
    this.damages = damages;
    InputStream raw = new Counting(Files.newInputStream(file), read);
    @Nullable InputStream lines = new BufferedInputStream(raw, 1 << 16);
    if (name.endsWith(Ring.PACKED)) {
      try {
        lines = new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16);
      } catch (ZipException | EOFException e) {
        raw.close();
        lines = null;
        damage("not a gzip file: " + e.getMessage() + "; accepted: a segment as it was written");
      }
    }
    this.in = lines;
  }

  /** Number of the line that was read last, from 1. */
  long line() {
    return line;
  }

  /** The next line that is one, or null at the end. */
  @Nullable Line next() throws IOException {
    while (true) {
      int length = read();
      if (length < 0) {
        return null;
      }
      try {
        return codec.read(bytes, length);
      } catch (DamagedLine e) {
        damage(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Reads a whole line into the buffer; its length, or -1 at the end. */
  private int read() throws IOException {
    InputStream from = in;
    if (from == null) {
      return -1;
    }
    int length = 0;
    boolean tooLong = false;
    line++;
    try {
      while (true) {
        int next = from.read();
        if (next == '\n' && !tooLong) {
          return length;
        }
        if (next == '\n') {
          damage("more than " + MOST_LINE + " bytes");
          line++;
          tooLong = false;
          length = 0;
        } else if (next < 0) {
          if (length > 0 || tooLong) {
            damage("torn: the file ends within the line");
          }
          return -1;
        } else if (length == MOST_LINE) {
          tooLong = true;
        } else {
          if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(MOST_LINE, 2 * length));
          }
          bytes[length++] = (byte) next;
        }
      }
    } catch (EOFException e) {
      // a segment that was being written when its process ended; what was flushed has been read
      if (length > 0 || tooLong) {
        damage("torn: the file ends within the line");
      }
      return -1;
    } catch (ZipException e) {
      damage("packed data is damaged from here on: " + e.getMessage());
      return -1;
    }
  }

  private void damage(String problem) {
    damages.add(new Damage(name, line, problem));
  }

  @Override
  public void close() throws IOException {
    InputStream open = in;
    if (open != null) {
      open.close();
    }
  }

  private static final class Counting extends FilterInputStream {
    private final LongAdder read;

    Counting(InputStream in, LongAdder read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      read.add(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      read.add(Math.max(0, count));
      return count;
    }
  }
}
