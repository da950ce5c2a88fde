package dev.tandem.extender.record;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one folder, oldest first by name. Other files are left alone. One thread.
 *
 * <p>Names begin with the time, so that a folder that survives a restart goes on as one ring. Where
 * the clock was set back they go on a millisecond after the newest name, so that the order of names
 * stays the order of writing.
 */
final class Ring {
  static final String PREFIX = "tandem-";
  static final String PACKED = ".jsonl.gz";
  static final String PLAIN = ".jsonl";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final long SMALLEST = 256L << 10;
  private static final long LARGEST = 32L << 20;

  private final Path folder;
  private final long mostBytes;
  private final Clock clock;
  private @Nullable Path current;

  /**
   * @param clock the time in names
   * @throws IOException if the folder cannot be made or written to
   */
  Ring(Path folder, long mostBytes, Clock clock) throws IOException {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.clock = clock;
    Files.createDirectories(folder);
    Files.delete(Files.createTempFile(folder, PREFIX, ".probe"));
  }

  Path folder() {
    return folder;
  }

  /** Makes a new segment; the one before must be closed. */
  Segment open() throws IOException {
    Instant time = after(newest(), clock.instant());
    while (true) {
      Path file = folder.resolve(PREFIX + TIME.format(time) + PACKED);
      try {
        Segment segment = new Segment(file);
        current = file;
        return segment;
      } catch (FileAlreadyExistsException e) {
        time = time.plusMillis(1);
      }
    }
  }

  /** A sixteenth of the ring, but at least twice what it begins with. */
  long segmentBytes(long snapshot) {
    return Math.max(Math.clamp(mostBytes / 16, SMALLEST, LARGEST), 2 * snapshot);
  }

  /**
   * Removes the oldest segments until the rest is within the bound; never the one being written.
   */
  void trim() throws IOException {
    List<Path> files = files(folder);
    long total = 0;
    for (Path file : files) {
      total += size(file);
    }
    for (Path file : files) {
      if (total <= mostBytes) {
        return;
      }
      if (file.equals(current)) {
        continue;
      }
      total -= size(file);
      Files.deleteIfExists(file);
    }
  }

  /** The segments of a folder, oldest first. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> {
            String name = file.getFileName().toString();
            return name.startsWith(PREFIX) && (name.endsWith(PACKED) || name.endsWith(PLAIN));
          })
          .sorted()
          .toList();
    }
  }

  private @Nullable Instant newest() throws IOException {
    for (Path file : files(folder).reversed()) {
      String name = file.getFileName().toString().substring(PREFIX.length());
      try {
        return TIME.parse(name.substring(0, name.indexOf(".jsonl")), Instant::from);
      } catch (DateTimeParseException e) {
        // Somebody's own name: it says no time.
      }
    }
    return null;
  }

  private static Instant after(@Nullable Instant newest, Instant now) {
    return newest == null || now.isAfter(newest) ? now : newest.plusMillis(1);
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
