package dev.tandem.cli.bench;

import dev.tandem.api.TransferCost;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.record.Configuration;
import dev.tandem.extender.record.Recorder;
import dev.tandem.extender.record.Replay;
import dev.tandem.extender.record.Subject;
import dev.tandem.extender.record.Summary;
import dev.tandem.topology.facts.LinkSpeeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes decisions without and with a recorder, and runs the recording again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what recording adds to a call, the bytes it takes, and how fast it is replayed,",
      "on a made-up cluster where groups of 2 prefill and 2 decode pods come and go."
    })
public final class ReplayBench implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "1000",
      description = "Nodes of 8 GPUs, 16 a domain, 32 a leaf, 256 a spine (default 1000).")
  private int nodes = 1_000;

  @Option(
      names = "--pods",
      defaultValue = "5000",
      description = "Pods placed, each with a filter and a prioritize call (default 5000).")
  private int pods = 5_000;

  @Option(
      names = "--threads",
      description = "Files replayed side by side (default: one a processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--keep", paramLabel = "DIR", description = "Keep the recording in this folder.")
  private @Nullable Path keep;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    Path kept = keep;
    Path folder = kept == null ? Files.createTempDirectory("tandem-recording-") : kept;
    try {
      out.printf("%,d nodes, %,d pods, %,d calls%n", nodes, pods, 2 * pods);
      GroupsComeAndGo life = new GroupsComeAndGo(nodes);
      ClusterPicture bare = new ClusterPicture(LinkSpeeds.defaults(), life.clock());
      Decider decider = new Decider(bare, new Journal(), Decider.Limits.defaults(), life.clock());
      life.run(pods / 10, bare, decider, decider::settled);
      life = new GroupsComeAndGo(nodes);
      bare = new ClusterPicture(LinkSpeeds.defaults(), life.clock());
      decider = new Decider(bare, new Journal(), Decider.Limits.defaults(), life.clock());
      double without = life.run(pods, bare, decider, decider::settled);
      out.printf(Locale.ROOT, "a call without recording: %.3f ms%n", without);
      record(folder, out, without);
      replay(folder, out);
    } finally {
      if (kept == null) {
        remove(folder);
      }
    }
    out.flush();
    return 0;
  }

  private void record(Path folder, PrintWriter out, double without) throws IOException {
    GroupsComeAndGo life = new GroupsComeAndGo(nodes);
    Decider.Limits limits = Decider.Limits.defaults();
    Configuration configuration =
        new Configuration(limits, LinkSpeeds.defaults(), TransferCost.defaults());
    Recorder recorder = new Recorder(folder, 4L << 30, life.clock());
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), recorder.clock());
    Decider decider = new Decider(picture, new Journal(), limits, recorder.clock());
    Decisions decisions =
        recorder.decisions(decider, new Subject(() -> configuration, decider::handOver));
    double with =
        life.run(pods, recorder.feed(picture), decisions, recorder.settled(decider::settled));
    recorder.close();
    out.printf(
        Locale.ROOT,
        "a call with recording:    %.3f ms (%+.1f %%); %,d calls kept, %,d left out for want of room%n",
        with,
        100 * (with / without - 1),
        recorder.written(),
        recorder.dropped());
    long bytes = size(folder);
    out.printf(
        Locale.ROOT,
        "recording: %.1f MB, %,d bytes a call; 100,000 calls take %.0f MB%n",
        bytes / 1e6,
        bytes / Math.max(1, recorder.written()),
        1e5 * bytes / Math.max(1, recorder.written()) / 1e6);
  }

  private void replay(Path folder, PrintWriter out) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Summary summary = new Replay(folder, Replay.Change.none()).run(threads, result -> {});
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "replay: %,.0f calls a second on %d threads, p50 %.2f ms, p99 %.2f ms; %,d of %,d the same%n",
        summary.calls() / seconds,
        threads,
        summary.nanos().quantile(0.5) / 1e6,
        summary.nanos().quantile(0.99) / 1e6,
        summary.same(),
        summary.calls());
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static void remove(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
