package dev.tandem.extender;

import dev.tandem.extender.certificates.BadMaterialException;
import dev.tandem.extender.certificates.CertificateFiles;
import dev.tandem.extender.certificates.ServingTls;
import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.Drawing;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.http.ExtenderMetrics;
import dev.tandem.extender.http.ExtenderServer;
import dev.tandem.extender.http.Listener;
import dev.tandem.extender.http.Verbs;
import dev.tandem.extender.record.Configuration;
import dev.tandem.extender.record.Recorder;
import dev.tandem.extender.record.Subject;
import dev.tandem.extender.watch.ClusterWatch;
import dev.tandem.extender.watch.TopologyReload;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running extender: watches nodes and pods, answers kube-scheduler. It listens at once; {@code
 * /readyz} says 200 when both watches have their first list and the code is warm.
 */
public final class Extender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Extender.class);

  private final TopologyReload topology;
  private final ClusterWatch watch;
  private final ExtenderServer server;
  private final @Nullable Recorder recorder;
  private final @Nullable ServingTls tls;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread preparation;
  private final OddTopology odd = new OddTopology();
  private final AtomicBoolean reloaded = new AtomicBoolean();
  private final ClusterPicture picture;
  private volatile boolean warm;
  private volatile boolean drawn;

  private Extender(ExtenderConfig config, KubernetesClient client) {
    Sources sources = config.sources();
    topology =
        new TopologyReload(
            sources.topology(),
            sources.transports(),
            known -> known.withLevelKeys(sources.levelKeys()),
            Clock.systemUTC());
    KnownTopology known = topology.known();
    ExtenderMetrics metrics = new ExtenderMetrics();
    recorder = recorder(config.recording(), metrics);
    Clock clock = recorder == null ? Clock.systemUTC() : recorder.clock();
    picture =
        new ClusterPicture(
            known.speeds(),
            clock,
            this::aside,
            recorder == null ? Drawing.unordered() : recorder.drawing());
    Journal journal = new Journal();
    Decider.Limits limits = config.planning().limits();
    Decider decider =
        new Decider(picture, journal, limits, clock);
    decider.costs(known.cost());
    AtomicReference<Configuration> configuration =
        new AtomicReference<>(new Configuration(limits, known.speeds(), known.cost()));
    ClusterFeed feed = picture;
    Consumer<String> settled = decider::settled;
    Decisions decisions = decider;
    if (recorder != null) {
      decisions = recorder.decisions(decider, new Subject(configuration::get, decider::handOver));
      feed = recorder.feed(feed);
      settled = recorder.settled(settled);
    }
    watch = new ClusterWatch(client, feed, known, config.planning().gpuResources(), settled);
    metrics.watch(
        watch::nodesSynced,
        watch::podsSynced,
        picture::nodeCount,
        decider::expected,
        () -> picture.interconnect().problems().size(),
        () -> picture.interconnect().generation());
    metrics.topology(
        topology::applied, topology::refused, topology::ageSeconds, this::absentNodes);
    topology.start(
        client,
        sources.configMap(),
        sources.every(),
        now -> {
          configuration.set(new Configuration(limits, now.speeds(), now.cost()));
          decider.costs(now.cost());
          picture.speeds(now.speeds());
          watch.learn(now);
          reloaded.set(true);
          tellOnceDrawn();
        });
    Verbs verbs =
        new Verbs(new PodReader(config.planning().gpuResources()), decisions, metrics, true);
    tls = tls(config.server().tls(), metrics);
    server =
        new ExtenderServer(
            new Listener(config.server().host(), config.server().port(), tls, Listener.PATIENCE),
            verbs,
            metrics,
            picture,
            decider,
            journal,
            this::unready);
    preparation = Thread.ofVirtual().name("warm-up").start(() -> prepare(limits, config));
  }

  /**
   * Starts an extender; returns when it listens. The client is the caller's to close.
   *
   * @throws IllegalArgumentException if the topology file is not one
   * @throws UncheckedIOException if the topology file cannot be read, or the recording's folder not
   *     written to
   */
  public static Extender start(ExtenderConfig config, KubernetesClient client) {
    return new Extender(config, client);
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Waits until calls can be answered; false if that takes longer than {@code patience}. */
  public boolean awaitReady(Duration patience) throws InterruptedException {
    return ready.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops watching and answering. */
  @Override
  public void close() {
    preparation.interrupt();
    server.close();
    topology.close();
    watch.close();
    if (recorder != null) {
      recorder.close();
    }
    if (tls != null) {
      tls.close();
    }
  }

  private void prepare(Decider.Limits limits, ExtenderConfig config) {
    WarmUp.run(limits, config.planning().gpuResources());
    warm = true;
    try {
      while (!watch.nodesSynced()
          || !watch.podsSynced()
          || !topology.synced()
          || !picture.settled()) {
        Thread.sleep(20);
      }
      drawn = true;
    } catch (InterruptedException e) {
      return;
    }
    log.info("ready: {} nodes known", picture.nodeCount());
    tell();
    tellOnceDrawn(); // of a topology that came since it was last drawn
    ready.countDown();
  }

  private void tell() {
    odd.news(topology.known(), picture.interconnect())
        .forEach(news -> log.warn("topology: {}", news));
  }

  /** A new topology shows in a generation drawn later; whoever is last of the two tells. */
  private void tellOnceDrawn() {
    if (drawn && picture.settled() && reloaded.compareAndSet(true, false)) {
      tell();
    }
  }

  private int absentNodes() {
    Set<String> names = new HashSet<>(topology.known().written().keySet());
    names.removeAll(picture.interconnect().nodes().keySet());
    return names.size();
  }

  private @Nullable String unready() {
    if (!watch.nodesSynced()) {
      return "waiting for the first list of nodes";
    }
    if (!watch.podsSynced()) {
      return "waiting for the first list of pods";
    }
    if (!topology.synced()) {
      return "waiting for the ConfigMap of the topology";
    }
    if (!warm) {
      return "warming up";
    }
    return drawn ? null : "drawing the interconnect of the first nodes";
  }

  /** A generation of nodes is drawn beside the answers, not on the threads that give them. */
  private void aside(Runnable drawing) {
    Thread.ofPlatform()
        .daemon()
        .name("interconnect")
        .start(() -> {
          drawing.run();
          tellOnceDrawn();
        });
  }

  private static @Nullable Recorder recorder(Recording recording, ExtenderMetrics metrics) {
    Path folder = recording.folder();
    if (folder == null) {
      return null;
    }
    try {
      Recorder recorder = new Recorder(folder, recording.bytes(), Clock.systemUTC());
      metrics.recording(recorder::recording, recorder::written, recorder::dropped);
      return recorder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--record: " + folder + " cannot be written to: " + e.getMessage(), e);
    }
  }

  private static @Nullable ServingTls tls(
      @Nullable CertificateFiles files, ExtenderMetrics metrics) {
    if (files == null) {
      return null;
    }
    try {
      ServingTls tls = new ServingTls(files);
      metrics.tls(tls);
      return tls;
    } catch (BadMaterialException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("TLS file " + e.getMessage() + " cannot be read", e);
    }
  }
}
