package dev.tandem.simulator.benchmark;

import dev.tandem.api.ModelFacts;
import dev.tandem.simulator.placement.Background;
import dev.tandem.simulator.placement.NamedCluster;
import dev.tandem.simulator.placement.Policy;
import dev.tandem.simulator.placement.Prediction;
import dev.tandem.simulator.placement.Scenario;
import dev.tandem.simulator.placement.Shape;
import dev.tandem.simulator.placement.Workload;
import dev.tandem.topology.facts.LinkSpeeds;
import java.util.ArrayList;
import java.util.List;

/** The scenarios of the placement benchmark. */
final class PlacementCases {
  /** Groups ask for this share of the GPUs that are free. */
  private static final double DEMAND = 0.6;

  /** Clusters with less than this many groups' room are left out. */
  private static final double LEAST_ROOM = 0.9;

  private static final int MOST_GROUPS = 60;
  private static final int CLIENTS = 4;
  private static final double[] ALLOCATIONS = {0.5, 0.7, 0.85};
  private static final Prediction LINE_RATE = Prediction.lineRate(ModelFacts.of("llama-3-70b"));

  private PlacementCases() {}

  static List<Policy> baselines() {
    List<Policy> policies = new ArrayList<>(List.of(Policy.values()));
    policies.remove(Policy.OPTIMUM);
    return policies;
  }

  /** The cluster a real kube-scheduler was measured on. */
  static List<Case> fragmented() {
    return List.of(
        new Case("2 clients, line rate", fragmented(2, LINE_RATE), baselines()),
        new Case("16 clients, line rate", fragmented(16, LINE_RATE), baselines()),
        new Case(
            "2 clients, calibrated cost",
            fragmented(2, Prediction.calibrated(ModelFacts.of("llama-3-70b"))),
            baselines()));
  }

  private static Scenario fragmented(int clients, Prediction prediction) {
    return new Scenario(
        NamedCluster.N256.shape(),
        LinkSpeeds.defaults(),
        new Background.Even(0.5),
        Workload.of(2, 2, 8),
        30,
        clients,
        prediction);
  }

  /** 200 groups of 2P+2D on 1,000 empty nodes, created by 16 clients at once. */
  static List<Case> interleaved() {
    Scenario scenario =
        new Scenario(
            NamedCluster.N1000.shape(),
            LinkSpeeds.defaults(),
            new Background.Even(0),
            Workload.of(2, 2, 4),
            200,
            16,
            LINE_RATE);
    return List.of(new Case("16 clients", scenario, baselines()));
  }

  /** Every cluster at every allocation. */
  static List<Case> clusters() {
    List<Case> cases = new ArrayList<>();
    for (NamedCluster cluster : NamedCluster.values()) {
      int pod = cluster.shape().nodes().getFirst().gpus() / 2;
      for (double allocation : ALLOCATIONS) {
        if (free(cluster.shape(), allocation, pod) < LEAST_ROOM * 4 * pod) {
          continue; // not even one group fits for sure
        }
        cases.add(
            lived(
                "%s, %.0f %%".formatted(cluster.label(), allocation * 100),
                cluster.shape(),
                allocation,
                Workload.of(2, 2, pod)));
      }
    }
    return cases;
  }

  /** Every kind of group on two clusters. */
  static List<Case> workloads() {
    List<Case> cases = new ArrayList<>();
    Workload.Pairs bytes = Workload.Pairs.KV_CACHE;
    for (NamedCluster cluster : List.of(NamedCluster.LARGE, NamedCluster.N256)) {
      String at = ", " + cluster.label();
      Shape shape = cluster.shape();
      cases.add(lived("2P+2D x 8 GPUs" + at, shape, 0.5, Workload.of(2, 2, 8)));
      cases.add(lived("4P+4D x 4 GPUs" + at, shape, 0.7, Workload.of(4, 4, 4)));
      cases.add(lived("1P+3D x 2 GPUs" + at, shape, 0.7, Workload.of(1, 3, 2)));
      cases.add(lived("2P x 4 + 1D x 8 GPUs" + at, shape, 0.5, new Workload(2, 1, 4, 8, bytes, 0)));
      cases.add(
          lived(
              "draft x 2 + target x 4" + at,
              shape,
              0.7,
              new Workload(1, 1, 2, 4, Workload.Pairs.DRAFT_TARGET, 0)));
      cases.add(
          lived("2P+2D x 4, one D later" + at, shape, 0.7, new Workload(2, 2, 4, 4, bytes, 1)));
    }
    return cases;
  }

  /** Small enough for the optimum. */
  static List<Case> small() {
    List<Case> cases = new ArrayList<>();
    List<Policy> policies = new ArrayList<>(baselines());
    policies.add(Policy.OPTIMUM);
    record Small(String name, Shape shape) {}
    for (Small small :
        List.of(
            new Small("small-tree", NamedCluster.SMALL_TREE.shape()),
            new Small("medium", NamedCluster.MEDIUM.shape()),
            new Small("12 nodes, domains of 4", Shape.of(new Shape.Sizes(12, 8, 4, 4, 12))))) {
      for (int groups : new int[] {1, 2, 3}) {
        Scenario scenario =
            new Scenario(
                small.shape(),
                LinkSpeeds.defaults(),
                new Background.Lived(0.3),
                Workload.of(1, 2, 4),
                groups,
                2,
                LINE_RATE);
        cases.add(
            new Case(
                small.name() + ", " + groups + (groups == 1 ? " group" : " groups"),
                scenario,
                policies));
      }
    }
    return cases;
  }

  /** GPUs pods of this size find free: those of half-free nodes are of no use to larger pods. */
  private static double free(Shape shape, double allocation, int podGpus) {
    int all = shape.nodes().stream().mapToInt(node -> node.gpus()).sum();
    boolean wholeNodes = 2 * podGpus > shape.nodes().getFirst().gpus();
    return all * (wholeNodes ? (1 - allocation) * (1 - allocation) : 1 - allocation);
  }

  private static Case lived(String name, Shape shape, double allocation, Workload workload) {
    int largest = Math.max(workload.prefillGpus(), workload.decodeGpus());
    int group =
        workload.prefill() * workload.prefillGpus()
            + (workload.decode() + workload.late()) * workload.decodeGpus();
    int groups = (int) (DEMAND * free(shape, allocation, largest) / group);
    return new Case(
        name,
        new Scenario(
            shape,
            LinkSpeeds.defaults(),
            new Background.Lived(allocation),
            workload,
            Math.clamp(groups, 1, MOST_GROUPS),
            CLIENTS,
            LINE_RATE),
        baselines());
  }
}
