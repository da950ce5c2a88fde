package dev.tandem.edge.watch;

import dev.tandem.topology.facts.ChangingFile;
import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.TopologyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
 *
 * <p>A folder is where a ConfigMap is mounted, and holds the file under the extender's key. As for
 * the extender, there may be none, and a bad one keeps nobody from starting.
 */
public final class FollowedTopology implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FollowedTopology.class);

  /** The extender's key of the ConfigMap, the file's name where that is mounted. */
  private static final String KEY = "topology.yaml";

  private final @Nullable Path path;
  private final @Nullable ChangingFile file;
  private final KnownTopology first;
  private boolean mayBeAbsent; // until there was one; of the constructor, then the polling thread
  private @Nullable ScheduledExecutorService polls;
  private @Nullable String complaint; // of the polling thread

  /**
   * Reads the file once.
   *
   * @param path the topology file, or the folder it may come to be in, or null for labels alone
   * @throws IllegalArgumentException if {@code path} is a file and no topology file
   * @throws UncheckedIOException if it is neither a folder nor a file that can be read
   */
  public FollowedTopology(@Nullable Path path) {
    boolean mounted = path != null && Files.isDirectory(path);
    this.path = path != null && mounted ? path.resolve(KEY) : path;
    this.file = this.path == null ? null : new ChangingFile(this.path);
    this.mayBeAbsent = mounted;
    this.first = mounted ? labelsElse() : orRefused();
  }

  private KnownTopology orRefused() {
    try {
      KnownTopology known = changed();
      return known == null ? KnownTopology.nothing() : known;
    } catch (IOException e) {
      throw new UncheckedIOException("topology file " + path + ": " + e.getMessage(), e);
    }
  }

  private KnownTopology labelsElse() {
    try {
      KnownTopology known = changed();
      return known == null ? KnownTopology.nothing() : known;
    } catch (IOException | RuntimeException e) {
      complain(e, "node labels alone count until it is right");
      return KnownTopology.nothing();
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
      complain(e, "the one before still counts");
    }
  }

  private void complain(Exception e, String meanwhile) {
    String reason = String.valueOf(e.getMessage());
    if (!reason.equals(complaint)) {
      complaint = reason;
      log.error("topology file {}: {}; {}", path, reason, meanwhile);
    }
  }

  private @Nullable KnownTopology changed() throws IOException {
    if (path != null && mayBeAbsent && Files.notExists(path)) {
      return null;
    }
    mayBeAbsent = false;
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
