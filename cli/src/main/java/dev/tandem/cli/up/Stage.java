package dev.tandem.cli.up;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.cli.controlplane.ControlPlane;
import dev.tandem.cli.kubelet.Kubelet;
import dev.tandem.cli.kubelet.KubeletOptions;
import dev.tandem.cli.page.Run;
import dev.tandem.cli.report.GroupPlace;
import dev.tandem.cli.report.PodPlace;
import dev.tandem.cli.report.RequestSummary;
import dev.tandem.cli.report.RunReport;
import dev.tandem.cli.workload.Load;
import dev.tandem.cli.workload.Served;
import dev.tandem.cli.workload.ServedModel;
import dev.tandem.cli.workload.TraceRequest;
import dev.tandem.topology.facts.NodeFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two runs: deploys the models one way, sends the requests, reports. The pods stay up
 * until {@link #close}. Blocking.
 */
final class Stage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Stage.class);

  /** What every stage of a local run shares. */
  record Setting(
      ControlPlane controlPlane,
      Map<String, NodeFacts> nodes,
      Explanations explanations,
      List<TraceRequest> requests,
      UpSettings settings,
      LiveFeed feed,
      Progress progress) {
    Setting {
      nodes = Map.copyOf(nodes);
      requests = List.copyOf(requests);
    }

    long meanPromptTokens() {
      return Math.round(
          requests.stream().mapToInt(TraceRequest::inputTokens).average().orElseThrow());
    }
  }

  /**
   * Tokens an engine puts into one chunk of a stream ({@code --stream-interval}): one a chunk would
   * make the clients' and routers' real work large against the modelled time.
   */
  private static final int TOKENS_PER_CHUNK = 64;

  /** Enough for the just-in-time compiler to have seen the path; not counted, its text is apart. */
  private static final int WARM_UP_REQUESTS = 120;

  private static final double WARM_UP_SECONDS_EACH = 0.012;
  private static final long WARM_UP_SALT = 0x5eed;

  /** One failed request in a log explains more than a hundred. */
  private static final int MOST_ERRORS_SHOWN = 3;

  private final Setting setting;
  private final Run run;
  private final LiveRun live;
  private final Kubelet kubelet;
  private final Vertx clients =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private final Deployed deployed;
  private final Examples examples;

  private Stage(Setting setting, Run run, Examples examples, List<String> routerArguments) {
    this.setting = setting;
    this.run = run;
    this.examples = examples;
    live = setting.feed().run(run);
    kubelet =
        Kubelet.start(
            setting.controlPlane().client(),
            setting.controlPlane().kubeconfig(),
            new KubeletOptions(
                setting.settings().speedUp(),
                List.of("--stream-interval", Integer.toString(TOKENS_PER_CHUNK)),
                routerArguments,
                pod -> live));
    deployed = Deployed.create(setting.controlPlane().client(), examples);
  }

  /** Default placement, round-robin routing. */
  static Stage baseline(Setting setting, Examples examples) {
    return new Stage(
        setting, Run.BASELINE, examples.withDefaultPlacement(), List.of("--policy=round-robin"));
  }

  /** Placed and routed by us. */
  static Stage tandem(Setting setting, Examples examples) {
    return new Stage(setting, Run.TANDEM, examples, List.of());
  }

  /** Does the run. */
  RunReport run() throws InterruptedException {
    Progress progress = setting.progress();
    String name = run == Run.TANDEM ? "Tandem" : "baseline";
    setting.feed().status("Placing the pods: " + name);
    progress.begin(name + ": pods admitted, placed, ready");
    List<Pod> pods = deployed.awaitReady(ready -> progress.at(ready, examples.pods(), ""));
    progress.done(pods.size() + " pods");
    List<PodPlace> places = places(pods);
    live.placed(places, setting.meanPromptTokens());

    List<Served> served = send(name, Endpoints.of(examples.services(), pods));
    return new RunReport(groups(pods, places), places, RequestSummary.of(served));
  }

  private List<Served> send(String name, List<ServedModel> models) throws InterruptedException {
    Progress progress = setting.progress();
    UpSettings settings = setting.settings();
    List<TraceRequest> requests = setting.requests();
    try (Load load = new Load(clients, settings.speedUp())) {
      setting.feed().status("Warming up: " + name);
      progress.begin(name + ": warm-up");
      load.run(warmUp(), models, settings.seed(), WARM_UP_SALT, outcome -> {});
      progress.done("");

      setting.feed().status("Serving: " + name);
      progress.begin(name + ": requests");
      live.begin(requests.size());
      AtomicInteger errors = new AtomicInteger();
      List<Served> served =
          load.run(requests, models, settings.seed(), 0, new Counted(progress, errors));
      progress.done(requests.size() + " requests, " + errors.get() + " errors");
      setting.feed().status("Done: " + name);
      return served;
    }
  }

  private final class Counted implements Load.Listener {
    private final Progress progress;
    private final AtomicInteger errors;
    private final AtomicInteger done = new AtomicInteger();

    Counted(Progress progress, AtomicInteger errors) {
      this.progress = progress;
      this.errors = errors;
    }

    @Override
    public void sent(int index) {
      live.sent(index);
    }

    @Override
    public void ended(Served outcome) {
      live.ended(outcome);
      if (outcome.error() != null && errors.incrementAndGet() <= MOST_ERRORS_SHOWN) {
        log.error("request {} to {} failed: {}", outcome.index(), outcome.model(), outcome.error());
      }
      progress.at(
          done.incrementAndGet(),
          setting.requests().size(),
          errors.get() == 0 ? "" : errors.get() + " errors");
    }
  }

  private List<TraceRequest> warmUp() {
    SplittableRandom random = new SplittableRandom(setting.settings().seed());
    List<TraceRequest> requests = new ArrayList<>();
    for (int i = 0; i < WARM_UP_REQUESTS; i++) {
      int blocks = 1 + random.nextInt(6);
      List<Long> ids = new ArrayList<>();
      for (int b = 0; b < blocks; b++) {
        ids.add(b == 0 ? 0L : random.nextLong(1_000));
      }
      requests.add(
          new TraceRequest(
              i * WARM_UP_SECONDS_EACH * setting.settings().speedUp(),
              blocks * TraceRequest.BLOCK_TOKENS,
              32,
              ids));
    }
    return requests;
  }

  private List<PodPlace> places(List<Pod> pods) throws InterruptedException {
    List<PodPlace> places = new ArrayList<>();
    for (Pod pod : pods) {
      PodFacts facts = new PodFacts(pod);
      NodeFacts node = setting.nodes().get(facts.node());
      Explanations.Explanation why = why(pod);
      places.add(
          new PodPlace(
              facts.name(),
              facts.group(),
              facts.role(),
              facts.model(),
              facts.node(),
              node == null ? null : node.block(Level.NVLINK),
              facts.locality(),
              why.reason(),
              why.better(),
              facts.gpus()));
    }
    places.sort(
        Comparator.comparing((PodPlace pod) -> pod.group() == null ? "~" : pod.group())
            .thenComparing(PodPlace::role)
            .thenComparing(PodPlace::pod));
    return places;
  }

  private Explanations.Explanation why(Pod pod) throws InterruptedException {
    if (run == Run.BASELINE) {
      return new Explanations.Explanation(
          "default scheduler: a node with the most free cpu and memory, drawn among equals", null);
    }
    return setting
        .explanations()
        .of(
            pod.getMetadata().getNamespace(),
            pod.getMetadata().getName(),
            pod.getSpec().getNodeName());
  }

  private List<GroupPlace> groups(List<Pod> pods, List<PodPlace> places) {
    Map<String, GroupSize> declared = new TreeMap<>();
    for (Pod pod : pods) {
      PodFacts facts = new PodFacts(pod);
      String group = facts.group();
      GroupSize size = facts.groupSize();
      if (group != null && size != null) {
        declared.put(group, size);
      }
    }
    List<GroupPlace> groups = new ArrayList<>();
    declared.forEach((name, size) ->
        groups.add(
            GroupPlace.of(
                name,
                size,
                places.stream().filter(pod -> name.equals(pod.group())).toList(),
                setting.meanPromptTokens())));
    return groups;
  }

  /**
   * Takes the pods away, so that the cluster is as before. Their processes end first: the API
   * server stand-in waits for half a minute on a watcher that leaves while it is being told
   * something.
   */
  void remove() throws InterruptedException {
    setting.progress().begin("baseline: pods removed");
    kubelet.close();
    deployed.remove();
    setting.progress().done("");
  }

  /** Stops the pods' processes. */
  @Override
  public void close() {
    kubelet.close();
    clients.close().toCompletionStage().toCompletableFuture().join();
  }
}
