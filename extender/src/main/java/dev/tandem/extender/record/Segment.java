package dev.tandem.extender.record;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * One segment being written: lines of JSON, packed. What has been flushed can be read even if the
 * rest never comes. One thread.
 */
final class Segment implements AutoCloseable {
  private final LineCodec codec = new LineCodec();
  private final SegmentEncoder encoder = new SegmentEncoder();
  private final Counted file;
  private final OutputStream out;
  private long snapshot;

  /**
   * @throws java.nio.file.FileAlreadyExistsException if the file is there
   */
  Segment(Path path) throws IOException {
    file =
        new Counted(
            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    out = new BufferedOutputStream(new GZIPOutputStream(file, 1 << 13, true), 1 << 16);
  }

  void write(Event event) throws IOException {
    encoder.encode(event, this::line);
    if (event instanceof Event.Start) {
      out.flush();
      snapshot = file.bytes;
    }
  }

  private void line(Line line) throws IOException {
    out.write(codec.write(line));
    out.write('\n');
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Bytes in the file. */
  long bytes() {
    return file.bytes;
  }

  /** Bytes in the file after the snapshot it begins with. */
  long snapshotBytes() {
    return snapshot;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) throws IOException {
      out.write(b, offset, length);
      bytes += length;
    }
  }
}
