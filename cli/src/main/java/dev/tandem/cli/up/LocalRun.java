package dev.tandem.cli.up;

import dev.tandem.cli.controlplane.ControlPlane;
import dev.tandem.cli.page.PageServer;
import dev.tandem.cli.report.RunReport;
import dev.tandem.cli.report.UpReport;
import dev.tandem.cli.workload.ConversationGenerator;
import dev.tandem.cli.workload.TraceFile;
import dev.tandem.cli.workload.TraceRequest;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.webhook.Webhook;
import dev.tandem.webhook.WebhookConfig;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The main job on loopback, from an empty cluster to a report. The baseline comes first, so that
 * our pods are the ones that stay; both send the same warm-up before anything is counted. Blocking;
 * every process it starts is stopped by {@link #close}, which any thread may call.
 */
final class LocalRun implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final UpSettings settings;
  private final Progress progress;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<AutoCloseable> started = new ArrayList<>();
  private @Nullable PageServer page;
  private boolean closed;

  LocalRun(UpSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Where the page is. */
  URI pageUrl() {
    if (page == null) {
      throw new IllegalStateException("the page is not up yet");
    }
    return page.url();
  }

  /**
   * Does everything.
   *
   * @throws UpFailure when something the user can change stands in the way
   */
  UpReport run() throws InterruptedException {
    TopologyFile topology = topology();
    List<TraceRequest> requests = requests();
    LiveFeed feed = new LiveFeed(topology, settings.speedUp(), traffic(requests.size()));
    page = keep(page(feed));
    progress.say("  page: " + page.url());

    ControlPlane controlPlane = controlPlane();
    Examples examples = cluster(controlPlane, topology);
    URI extender = product(controlPlane);
    Stage.Setting setting =
        new Stage.Setting(
            controlPlane,
            byName(topology.nodes()),
            new Explanations(extender),
            requests,
            settings,
            feed,
            progress);

    RunReport baseline;
    try (Stage stage = Stage.baseline(setting, examples)) {
      baseline = stage.run();
      stage.remove();
    }
    RunReport tandem = keep(Stage.tandem(setting, examples)).run();
    return new UpReport(
        tandem,
        baseline,
        new UpReport.Setting(
            traffic(requests.size()),
            settings.seed(),
            settings.speedUp(),
            setting.meanPromptTokens(),
            inWords(topology),
            settings.controlPlane().name()));
  }

  private TopologyFile topology() {
    try {
      return TopologyFile.read(settings.topology());
    } catch (IOException | IllegalArgumentException e) {
      throw new UpFailure(
          "cannot use the topology file: " + e.getMessage(),
          "name one with --topology, or run from the project's folder");
    }
  }

  private List<TraceRequest> requests() {
    Path trace = settings.trace();
    if (trace == null) {
      return new ConversationGenerator(new SplittableRandom(settings.seed()))
          .first(settings.requests());
    }
    try {
      return TraceFile.read(trace, settings.requests());
    } catch (UncheckedIOException e) {
      throw new UpFailure(
          String.valueOf(e.getMessage()),
          "name another file with --trace, or leave it out for generated requests");
    } catch (TraceFile.BadTraceException e) {
      throw new UpFailure(
          String.valueOf(e.getMessage()),
          "a trace has one JSON object a line: timestamp, input_length, output_length, hash_ids");
    }
  }

  private String traffic(int requests) {
    Path trace = settings.trace();
    return trace == null
        ? requests + " generated requests (seed " + settings.seed() + ")"
        : "the first " + requests + " requests of " + trace.getFileName();
  }

  private PageServer page(LiveFeed feed) {
    try {
      return PageServer.start(feed, settings.port());
    } catch (JavalinBindException e) {
      throw new UpFailure(
          "port " + settings.port() + " for the page is taken",
          "choose another with --port, or 0 for any free one");
    }
  }

  private ControlPlane controlPlane() {
    progress.begin("control plane: " + settings.controlPlane().words());
    ControlPlane controlPlane =
        keep(settings.controlPlane().start(settings.seed(), settings.home()));
    progress.done("");
    return controlPlane;
  }

  private Examples cluster(ControlPlane controlPlane, TopologyFile topology) {
    progress.begin("cluster");
    ClusterSeed.plant(controlPlane.client(), topology);
    Examples examples;
    try {
      examples = Examples.read(settings.examples(), controlPlane.client());
    } catch (IOException | IllegalArgumentException e) {
      throw new UpFailure(
          "cannot use the examples: " + e.getMessage(),
          "name a directory with --examples, or run from the project's folder");
    }
    examples.namespaces().forEach(n -> controlPlane.client().resource(n).create());
    examples.services().forEach(s -> controlPlane.client().resource(s).create());
    progress.done(inWords(topology));
    return examples;
  }

  /** Starts the extender, the schedulers that ask it, and the webhook. */
  private URI product(ControlPlane controlPlane) throws InterruptedException {
    progress.begin("extender, webhook, schedulers");
    Extender extender = keep(Extender.start(ExtenderConfig.defaults(), controlPlane.client()));
    URI url = URI.create("http://127.0.0.1:" + extender.port());
    Webhook webhook = keep(Webhook.start(WebhookConfig.local(0), controlPlane.client()));
    if (!extender.awaitReady(PATIENCE)) {
      throw new UpFailure(
          "the extender is not ready after " + PATIENCE.toSeconds() + " s",
          "ask " + url + "/readyz what it waits for");
    }
    if (!webhook.awaitReady(PATIENCE)) {
      throw new UpFailure(
          "the webhook is not ready after " + PATIENCE.toSeconds() + " s",
          "ask " + webhook.url() + "/readyz what it waits for");
    }
    controlPlane.startSchedulers(url);
    progress.done("");
    return url;
  }

  private static String inWords(TopologyFile topology) {
    int gpus = topology.nodes().stream().mapToInt(NodeFacts::gpus).sum();
    int used = topology.used().values().stream().mapToInt(Integer::intValue).sum();
    return topology.nodes().size() + " nodes, " + gpus + " GPUs, " + used + " taken by other work";
  }

  private static Map<String, NodeFacts> byName(List<NodeFacts> nodes) {
    Map<String, NodeFacts> byName = new LinkedHashMap<>();
    nodes.forEach(node -> byName.put(node.name(), node));
    return byName;
  }

  private <T extends AutoCloseable> T keep(T process) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the run was stopped");
      }
      started.add(process);
      return process;
    } finally {
      lock.unlock();
    }
  }

  /** Stops everything in the reverse of its order; the second call does nothing. */
  @Override
  public void close() {
    List<AutoCloseable> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(started);
      started.clear();
    } finally {
      lock.unlock();
    }
    for (AutoCloseable process : all.reversed()) {
      try {
        process.close();
      } catch (Exception e) {
        progress.say("  cannot stop " + process.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}
