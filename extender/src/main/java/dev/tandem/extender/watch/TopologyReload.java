package dev.tandem.extender.watch;

import dev.tandem.topology.facts.ChangingFile;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what configuration says of the cluster up to date: files are looked at every few seconds, a
 * ConfigMap is watched, and what changed is read and handed on. What cannot be read is logged once
 * with its reason and counted, and the topology before it stays; so does what is gone. Where a file
 * and the ConfigMap both have a part, the file's counts. Handing on happens on one thread at a
 * time.
 */
public final class TopologyReload implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopologyReload.class);

  private final @Nullable Part topology;
  private final @Nullable Part transports;
  private final UnaryOperator<KnownTopology> flags;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong applied = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private Texts files = Texts.NONE;
  private Texts map = Texts.NONE;
  private Texts tried = Texts.NONE;
  private @Nullable String complaint;
  private KnownTopology known;
  private volatile Instant changed;
  private @Nullable Consumer<KnownTopology> apply;
  private @Nullable ConfigMapWatch watch;
  private @Nullable ScheduledExecutorService polls;

  /**
   * Reads the files once.
   *
   * @param topology topology file, or null
   * @param transports file of overheads, or null
   * @param flags what the command line says over all of them
   * @throws IllegalArgumentException if a file is not what it should be; names file and value
   * @throws UncheckedIOException if a file cannot be read
   */
  public TopologyReload(
      @Nullable Path topology,
      @Nullable Path transports,
      UnaryOperator<KnownTopology> flags,
      Clock clock) {
    this.topology = topology == null ? null : new Part(topology);
    this.transports = transports == null ? null : new Part(transports);
    this.flags = flags;
    this.clock = clock;
    this.changed = clock.instant();
    try {
      files =
          new Texts(
              this.topology == null ? null : this.topology.changed(),
              this.transports == null ? null : this.transports.changed());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + e.getMessage(), e);
    }
    tried = files;
    known = flags.apply(files.read());
  }

  /** What the files said at the start, until {@link #start}; then what was handed on last. */
  public KnownTopology known() {
    lock.lock();
    try {
      return known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts to look for changes.
   *
   * @param configMap {@code namespace/name} of a ConfigMap to watch, or null
   * @param every how often files are looked at
   * @param apply told every new topology, never two at a time; must not fail
   */
  public void start(
      KubernetesClient client,
      @Nullable String configMap,
      Duration every,
      Consumer<KnownTopology> apply) {
    lock.lock();
    try {
      this.apply = apply;
    } finally {
      lock.unlock();
    }
    if (topology != null || transports != null) {
      ScheduledExecutorService executor =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("topology-files").factory());
      executor.scheduleWithFixedDelay(
          this::poll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
      polls = executor;
    }
    if (configMap != null) {
      int slash = configMap.indexOf('/');
      watch =
          new ConfigMapWatch(
              client, configMap.substring(0, slash), configMap.substring(slash + 1), this::mapped);
    }
  }

  /** Whether the ConfigMap has been read, where there is one to read. */
  public boolean synced() {
    return watch == null || watch.synced();
  }

  /** Topologies handed on since the start. */
  public long applied() {
    return applied.get();
  }

  /** Changes that could not be read since the start. */
  public long refused() {
    return refused.get();
  }

  /** Seconds since the topology last changed; 0 while the clock is set back to before that. */
  public double ageSeconds() {
    return Math.max(0, Duration.between(changed, clock.instant()).toMillis()) / 1e3;
  }

  @Override
  public void close() {
    if (polls != null) {
      polls.shutdownNow();
    }
    if (watch != null) {
      watch.close();
    }
  }

  /** Looks at the files now. */
  void poll() {
    look(topology, text -> new Texts(text, null));
    look(transports, text -> new Texts(null, text));
  }

  private void look(@Nullable Part file, Function<Texts.Text, Texts> part) {
    try {
      Texts.Text text = file == null ? null : file.changed();
      if (text != null) {
        locked(() -> files = part.apply(text).over(files));
      }
    } catch (IOException e) {
      complain("cannot read " + e.getMessage());
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      complain(String.valueOf(e.getMessage()));
    }
  }

  /**
   * A key that is gone counts on like a ConfigMap that is: whoever applies one key alone takes the
   * other away, and does not mean that the cluster has no topology any more.
   */
  private void mapped(Texts texts) {
    locked(() -> {
      Texts all = texts.over(map);
      all.missingIn(texts)
          .forEach(text ->
              log.warn("{} is gone from it; what it said last still counts", text.origin()));
      map = all;
    });
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      Texts all = files.over(map);
      if (!all.equals(tried)) {
        tried = all;
        take(all);
      }
    } finally {
      lock.unlock();
    }
  }

  private void take(Texts all) {
    KnownTopology now;
    try {
      now = flags.apply(all.read());
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
      return;
    }
    complaint = null;
    known = now;
    changed = clock.instant();
    applied.incrementAndGet();
    log.info("topology: {} nodes described", now.written().size());
    if (apply != null) {
      apply.accept(now);
    }
  }

  /** Once for each reason: files are looked at every few seconds. */
  private void complain(String reason) {
    lock.lock();
    try {
      if (!reason.equals(complaint)) {
        complaint = reason;
        refused.incrementAndGet();
        log.error("topology: {}; the one before still counts", reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A file of ours, and what it is called in messages. */
  private static final class Part {
    private final Path path;
    private final ChangingFile file;

    Part(Path path) {
      this.path = path;
      this.file = new ChangingFile(path);
    }

    Texts.@Nullable Text changed() throws IOException {
      String text = file.changed();
      return text == null ? null : new Texts.Text(path.toString(), text);
    }
  }
}
