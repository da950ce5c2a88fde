package dev.tandem.edge.watch;

import dev.tandem.topology.facts.ChangingFile;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.TopologyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology file, read again when it changes, as the extender does with the same file: a stamp
 * must say the links a pod was placed by. What cannot be read is logged once, and the topology
 * before it stays.
 */
public final class FollowedTopology implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowedTopology.class);

  private final @Nullable Path path;
  private final @Nullable ChangingFile file;
  private final KnownTopology first;
  private @Nullable ScheduledExecutorService polls;
  private @Nullable String complaint; // of the polling thread

  /**
   * Reads the file once.
   *
   * @param path the topology file, or null for labels alone
   * @throws IllegalArgumentException if it is not a topology file
   * @throws UncheckedIOException if it cannot be read
   */
  public FollowedTopology(@Nullable Path path) {
    this.path = path;
    this.file = path == null ? null : new ChangingFile(path);
    try {
      KnownTopology known = changed();
      this.first = known == null ? KnownTopology.nothing() : known;
    } catch (IOException e) {
      throw new UncheckedIOException("topology file " + path + ": " + e.getMessage(), e);
    }
  }

  /** What the file said at the start. */
  public KnownTopology first() {
    return first;
  }

  /**
   * Looks at the file from now on.
   *
   * @param apply told every new topology, on one thread
   */
  public void follow(Duration every, Consumer<KnownTopology> apply) {
    if (file == null) {
      return;
    }
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("topology-file").factory());
    executor.scheduleWithFixedDelay(
        () -> look(apply), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    polls = executor;
  }

  @Override
  public void close() {
    if (polls != null) {
      polls.shutdownNow();
    }
  }

  private void look(Consumer<KnownTopology> apply) {
    try {
      KnownTopology known = changed();
      if (known != null) {
        complaint = null;
        log.info("topology: {} nodes described", known.written().size());
        apply.accept(known);
      }
    } catch (IOException | RuntimeException e) {
      // A scheduled task that throws is never run again.
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(complaint)) {
        complaint = reason;
        log.error("topology file {}: {}; the one before still counts", path, reason);
      }
    }
  }

  private @Nullable KnownTopology changed() throws IOException {
    String text = file == null ? null : file.changed();
    if (text == null) {
      return null;
    }
    try {
      return KnownTopology.of(TopologyFile.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }
}
