package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.ControlPlaneBinaries;
import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.TrustedAuthorities;
import dev.tandem.cli.controlplane.WebhookProcess;
import dev.tandem.cli.images.ImageStart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How fast a webhook answers by itself, what it holds, how soon it is ready, and what it and the
 * policies cost an API server. Everything it starts ends with it, whatever ends it.
 */
@Command(
    name = "admission",
    mixinStandardHelpOptions = true,
    description = {
      "One webhook on a core of its own: reviews a second over kept TLS connections, latency at a",
      "fixed rate, new connections, a large pod, resident memory, time until ready with and without",
      "start cache.",
      "Then a real API server with pods that are posted and bound here, and with pods of a ReplicaSet",
      "that kube-scheduler binds, in alternating rounds: without the webhook, without it and with",
      "pods that were injected before, with pods it leaves alone, with one that repeats its answers,",
      "and with pods it injects, over loopback and through a Service; last, what the policies cost by",
      "themselves (needs Go).",
      "About 40 minutes."
    })
public final class AdmissionBench implements Callable<Integer> {

  private static final int CONNECTIONS = 8;
  private static final int MEBIBYTE = 1 << 20;
  private static final int BURST = 500;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--reviews",
      defaultValue = "20000",
      description = "Reviews of each kind of run (default ${DEFAULT-VALUE}).")
  private int reviews = 20_000;

  @Option(
      names = "--rate",
      defaultValue = "500",
      description = "Reviews a second where latency is taken (default ${DEFAULT-VALUE}).")
  private int rate = 500;

  @Option(
      names = "--starts",
      defaultValue = "5",
      description = "Starts with and without start cache (default ${DEFAULT-VALUE}).")
  private int starts = 5;

  @Option(
      names = "--pods",
      defaultValue = "1000",
      description = "Pods a round on the real API server (default ${DEFAULT-VALUE}).")
  private int pods = 1_000;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description =
          "Rounds on the real API server, after one to warm up (default ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description =
          "alone, api_server, or of the latter posted, replica_set or policies: one part (default:"
              + " all).")
  private @Nullable Part only;

  private enum Part {
    alone,
    api_server,
    posted,
    replica_set,
    policies;

    /** Whether this is to run where {@code only} is all that was asked for. */
    private boolean asked(@Nullable Part only) {
      return only == null || only == this || (only == api_server && this != alone);
    }
  }

  @Override
  public Integer call() throws Exception {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    if (reviews < 100 || rate < 1 || starts < 1 || pods < 1 || rounds < 1) {
      throw new ParameterException(
          command.commandLine(),
          "--reviews must be at least 100, --rate, --starts, --pods and --rounds 1");
    }
    PrintWriter out = command.commandLine().getOut();
    if (only != Part.policies) {
      try (ImageStart image = ImageStart.rehearsed("webhook")) {
        if (Part.alone.asked(only)) {
          alone(out, image);
        }
        if (only != Part.alone) {
          besideAnApiServer(out, image);
        }
      }
    }
    if (Part.policies.asked(only)) {
      policies(out);
    }
    return 0;
  }

  private void alone(PrintWriter out, ImageStart image) throws Exception {
    try (EmbeddedControlPlane plane = EmbeddedControlPlane.start(1)) {
      // Before processors are given apart: a process inherits those of the one that starts it.
      starts(plane, out, image);
      Cores cores = Cores.split();
      say(out, "webhook alone, %s", cores.text());
      try (WebhookProcess webhook =
          WebhookProcess.start(plane.client(), plane.kubeconfig(), cores.server(), image, true)) {
        say(out, "ready after, on that processor: %.2f s", seconds(webhook));
        Thread.sleep(10_000);
        say(out, "resident 10 s after ready: %s", ResidentMemory.of(webhook.handle()));
        speed(webhook, out);
        say(out, "resident after those: %s", ResidentMemory.of(webhook.handle()));
      } finally {
        cores.rejoin();
      }
    }
  }

  private void starts(EmbeddedControlPlane plane, PrintWriter out, ImageStart image) {
    // This JVM has yet to load what it asks with.
    double unused = start(plane, image, true);
    double[] with = new double[starts];
    double[] without = new double[starts];
    for (int i = 0; i < starts; i++) {
      with[i] = start(plane, image, true);
      without[i] = start(plane, image, false);
    }
    say(
        out,
        "ready after, all processors: %s with start cache, %s without",
        Spread.of(with).text("%.2f s"),
        Spread.of(without).text("%.2f s"));
  }

  private static double start(EmbeddedControlPlane plane, ImageStart image, boolean cached) {
    try (WebhookProcess webhook =
        WebhookProcess.start(plane.client(), plane.kubeconfig(), List.of(), image, cached)) {
      return seconds(webhook);
    }
  }

  private static double seconds(WebhookProcess webhook) {
    return webhook.readyAfter().toMillis() / 1e3;
  }

  private void speed(WebhookProcess webhook, PrintWriter out) throws Exception {
    SocketFactory sockets = TrustedAuthorities.context(webhook.caBundlePem()).getSocketFactory();
    String typical = SampleReview.typical();
    ClosedLoop full = new ClosedLoop(sockets, webhook.port(), "/mutate-pods", typical);
    // The first of these is where the JVM compiles.
    for (int round = 0; round < 4; round++) {
      long start = System.nanoTime();
      double[] latency = full.run(CONNECTIONS, reviews / CONNECTIONS);
      say(
          out,
          "%s: %.0f reviews/s of %d bytes, %d connections, p50 %.2f ms, p99 %.2f ms",
          round == 0 ? "warming up" : "full speed",
          reviews / ((System.nanoTime() - start) / 1e9),
          typical.length(),
          CONNECTIONS,
          latency[0],
          latency[1]);
    }
    newConnections(full, webhook, out);
    burst(full, webhook, out);
    double[] paced =
        new PacedLoop(sockets, webhook.port(), "/mutate-pods", typical)
            .run(CONNECTIONS, Math.min(reviews, rate * 30), rate);
    say(
        out,
        "%d reviews/s: p50 %.2f ms, p99 %.2f ms, longest %.1f ms",
        rate,
        paced[0],
        paced[1],
        paced[2]);
    say(out, "resident after these: %s", ResidentMemory.of(webhook.handle()));
    String large = SampleReview.large(MEBIBYTE);
    ClosedLoop heavy = new ClosedLoop(sockets, webhook.port(), "/mutate-pods", large);
    heavy.run(1, 50);
    double[] latency = heavy.run(1, 100);
    say(
        out,
        "a pod of %.2f MiB: p50 %.1f ms, p99 %.1f ms",
        large.length() / (double) MEBIBYTE,
        latency[0],
        latency[1]);
  }

  /**
   * An API server keeps 25 connections open: of what comes more at once each has a new one, which
   * is a handshake a pod where a ReplicaSet creates hundreds.
   */
  private void newConnections(ClosedLoop loop, WebhookProcess webhook, PrintWriter out)
      throws InterruptedException {
    int calls = reviews / 4;
    for (int round = 0; round < 4; round++) {
      Duration before = processorTime(webhook);
      long start = System.nanoTime();
      double[] latency = loop.runOnNewConnections(CONNECTIONS, calls / CONNECTIONS);
      say(
          out,
          "%s: %.0f reviews/s, each on a new connection, p50 %.2f ms, p99 %.2f ms, %.2f ms of"
              + " processor time a review",
          round == 0 ? "warming up" : "handshakes",
          calls / ((System.nanoTime() - start) / 1e9),
          latency[0],
          latency[1],
          processorTime(webhook).minus(before).toNanos() / 1e6 / calls);
    }
  }

  /** As a ReplicaSet does: hundreds at once, most of which shake hands for nothing. */
  private static void burst(ClosedLoop loop, WebhookProcess webhook, PrintWriter out)
      throws IOException, InterruptedException {
    for (int round = 0; round < 3; round++) {
      double[] latency = loop.runOnNewConnections(BURST, 2);
      say(
          out,
          "%d at once, each twice on a new connection: p50 %.0f ms, p99 %.0f ms",
          BURST,
          latency[0],
          latency[1]);
    }
    say(out, "resident after those: %s", ResidentMemory.of(webhook.handle()));
  }

  private static Duration processorTime(WebhookProcess webhook) {
    return webhook.handle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void besideAnApiServer(PrintWriter out, ImageStart image) throws Exception {
    ControlPlaneBinaries binaries = ControlPlaneBinaries.find(home(), Map.of());
    AdmissionCost cost = new AdmissionCost(out);
    try (RealControlPlane plane = RealControlPlane.start(binaries);
        AdmissionCluster cluster = AdmissionCluster.start(plane, image, pods)) {
      if (Part.posted.asked(only)) {
        PodArrival posted =
            new PostedPods(
                new ApiServerCalls(plane), AdmissionCluster.NAMESPACE, AdmissionCluster.node(0));
        cost.measure(pods + " pods posted and bound", cluster.rounds(posted, pods), rounds);
      }
      if (Part.replica_set.asked(only)) {
        PodArrival replicated = ReplicatedPods.start(plane, AdmissionCluster.NAMESPACE);
        cost.measure(
            pods + " pods of a ReplicaSet, bound by kube-scheduler",
            cluster.rounds(replicated, pods),
            rounds);
      }
    }
  }

  private void policies(PrintWriter out) throws Exception {
    try (RealControlPlane plane =
        RealControlPlane.start(ControlPlaneBinaries.find(home(), Map.of()))) {
      Policies policies = new Policies(plane.client(), home().resolve("manifests/base/policy"));
      new PolicyCost(plane.client(), new ApiServerCalls(plane), policies, pods, out)
          .measure(rounds);
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("tandem.home", ""));
  }

  private static void say(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
