package dev.tandem.cli.page;

import dev.tandem.cli.page.RequestsView.Queue;
import dev.tandem.cli.page.RequestsView.RunView;
import dev.tandem.cli.page.RequestsView.Sample;
import dev.tandem.cli.page.RequestsView.Ttft;
import dev.tandem.cli.page.TopologyView.LevelView;
import dev.tandem.cli.page.TopologyView.NodeView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A feed like that of a local run, drawn from a seed: nodes of 8 GPUs in NVLink domains of 4, two
 * groups of 2 prefill and 2 decode pods and one model without a split, placed well by Tandem and
 * anywhere by the baseline. Requests happen when {@link #serve} is called. Safe for use by many
 * threads.
 */
final class SampleFeed implements PageFeed {

  private final TopologyView topology;
  private final List<PlacementView> placements;
  private final EventStream events = new EventStream();
  private final Map<Run, Tally> tallies = new EnumMap<>(Run.class);
  private final Random random;

  SampleFeed(int nodes, long seed) {
    random = new Random(seed);
    topology = cluster(nodes);
    placements = placed(topology);
    for (Run run : Run.values()) {
      tallies.put(run, new Tally());
    }
  }

  /**
   * Lets {@code count} more requests of {@code run} be routed, answered and finished; the last
   * {@code open} stay open.
   */
  synchronized void serve(Run run, int count, int open) {
    Tally tally = tally(run);
    for (int i = 0; i < count; i++) {
      serveOne(run, tally, i < count - open);
    }
  }

  private void serveOne(Run run, Tally tally, boolean finishes) {
    String model =
        random.nextInt(5) == 0 ? "mistral" : random.nextBoolean() ? "llama-70b" : "qwen-32b";
    String prefill = model.equals("mistral") ? null : model + "-prefill-" + random.nextInt(2);
    String decode = model + (prefill == null ? "-" : "-decode-") + random.nextInt(2);
    long bytes = prefill == null ? 0 : (long) (Math.exp(random.nextGaussian()) * 1.2e9);
    double speed = run == Run.TANDEM ? 450e9 : 25e9 * (random.nextInt(8) == 0 ? 0.12 : 1);
    double transfer = prefill == null ? 0 : 0.0015 + bytes / speed;
    double first =
        0.04
            + Math.exp(random.nextGaussian() * 0.8) * 0.16 * (run == Run.TANDEM ? 1 : 1.7)
            + transfer;
    String id = "r" + tally.routed++;
    tally.at += random.nextDouble() * 0.15;
    events.publish(new PageEvent.Routed(run, id, tally.at, prefill, decode, bytes, transfer));
    tally.inFlight.merge(decode, 1, Integer::sum);
    if (prefill != null) {
      tally.split++;
    }
    if (finishes) {
      events.publish(new PageEvent.FirstToken(run, id, tally.at + first, first));
      events.publish(new PageEvent.Finished(run, id, tally.at + first + 1, "ok"));
      tally.samples.add(new Sample(tally.at + first, first * 1000));
      tally.inFlight.merge(decode, -1, Integer::sum);
    }
  }

  @Override
  public TopologyView topology() {
    return topology;
  }

  @Override
  public List<PlacementView> placements() {
    return placements;
  }

  @Override
  public synchronized RequestsView requests() {
    return new RequestsView(
        "Serving with Tandem",
        "400 requests at 20 times the speed of life",
        view(Run.TANDEM),
        view(Run.BASELINE));
  }

  @Override
  public EventStream events() {
    return events;
  }

  private @Nullable RunView view(Run run) {
    Tally tally = tally(run);
    if (tally.routed == 0) {
      return null;
    }
    List<Queue> queues = new ArrayList<>();
    placements.stream()
        .filter(pod -> pod.run() == run)
        .forEach(
            pod -> queues.add(new Queue(pod.pod(), tally.inFlight.getOrDefault(pod.pod(), 0))));
    int done = tally.samples.size();
    double hits = run == Run.TANDEM ? 0.613 : 0.447;
    return new RunView(
        400,
        done,
        0,
        tally.routed - done,
        hits,
        tally.split,
        ttft(tally.samples),
        queues,
        tally.samples);
  }

  private static @Nullable Ttft ttft(List<Sample> samples) {
    if (samples.isEmpty()) {
      return null;
    }
    double[] sorted = samples.stream().mapToDouble(Sample::millis).sorted().toArray();
    double mean = samples.stream().mapToDouble(Sample::millis).average().orElseThrow();
    return new Ttft(mean, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)]);
  }

  private Tally tally(Run run) {
    Tally tally = tallies.get(run);
    if (tally == null) {
      throw new IllegalStateException("no tally for " + run);
    }
    return tally;
  }

  private static final class Tally {
    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Integer> inFlight = new LinkedHashMap<>();
    private int routed;
    private int split;
    private double at;
  }

  private static TopologyView cluster(int nodes) {
    List<LevelView> levels =
        List.of(
            new LevelView("zone", 3.1, "tcp"),
            new LevelView("core", 12.5, "rdma"),
            new LevelView("spine", 25, "rdma"),
            new LevelView("leaf", 50, "rdma"),
            new LevelView("nvlink", 450, "mnnvl"),
            new LevelView("node", 50, "pcie"));
    int perLeaf = nodes > 64 ? 32 : 8;
    List<NodeView> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int leaf = i / perLeaf;
      Map<String, String> path = new LinkedHashMap<>();
      path.put("zone", "z" + (1 + leaf / 80));
      path.put("core", "c" + leaf / 40);
      path.put("spine", "s" + leaf / (nodes > 64 ? 8 : 4));
      path.put("leaf", "l" + leaf);
      path.put("nvlink", "n" + i / 4);
      all.add(
          new NodeView(
              "gpu-%04d".formatted(i).replaceFirst("0(?=\\d{3}$)", ""),
              path,
              8,
              i % 2 == 1 ? 4 : 0));
    }
    return new TopologyView(levels, all);
  }

  private static List<PlacementView> placed(TopologyView topology) {
    List<PlacementView> pods = new ArrayList<>();
    int[][] ours = {{8, 9, 10, 8}, {20, 21, 22, 22}};
    int[][] theirs = {{2, 17, 40, 51}, {5, 33, 46, 60}};
    String[] models = {"llama-70b", "qwen-32b"};
    for (int m = 0; m < models.length; m++) {
      for (int i = 0; i < 4; i++) {
        pods.add(split(Run.TANDEM, models[m], i, topology.nodes().get(ours[m][i])));
        pods.add(split(Run.BASELINE, models[m], i, topology.nodes().get(theirs[m][i])));
      }
    }
    for (int i = 0; i < 2; i++) {
      pods.add(whole(Run.TANDEM, i, topology.nodes().get(36 + 7 * i)));
      pods.add(whole(Run.BASELINE, i, topology.nodes().get(14 + 30 * i)));
    }
    return pods;
  }

  private static PlacementView split(Run run, String model, int i, NodeView node) {
    String role = i < 2 ? "prefill" : "decode";
    boolean tandem = run == Run.TANDEM;
    String domain = node.path().get("nvlink");
    return new PlacementView(
        run,
        model + "-" + role + "-" + i % 2,
        model,
        role,
        node.name(),
        model,
        4,
        locality(node),
        tandem
            ? "Its whole group of 2 prefill and 2 decode pods fits in NVLink domain "
                + domain
                + ", which it leaves with 8 free GPUs."
            : "The node with the most free GPUs when it came; links were not looked at.",
        tandem ? 3.4 : 47.2,
        tandem ? null : "NVLink domain n4: 3.4 ms instead of 47.2 ms");
  }

  private static PlacementView whole(Run run, int i, NodeView node) {
    return new PlacementView(
        run,
        "mistral-" + i,
        null,
        "both",
        node.name(),
        "mistral",
        2,
        locality(node),
        "Exchanges no cache, so it takes a node that is already in part use and keeps whole domains free.",
        null,
        null);
  }

  private static String locality(NodeView node) {
    Map<String, String> path = node.path();
    return "zone=%s@3.1/tcp,core=%s@12.5/rdma,spine=%s@25/rdma,leaf=%s@50/rdma,nvlink=%s@450/mnnvl,node=%s@50/pcie"
        .formatted(
            path.get("zone"),
            path.get("core"),
            path.get("spine"),
            path.get("leaf"),
            path.get("nvlink"),
            node.name());
  }
}
