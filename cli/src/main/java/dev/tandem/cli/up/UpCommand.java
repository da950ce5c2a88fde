package dev.tandem.cli.up;

import dev.tandem.cli.report.Ink;
import dev.tandem.cli.report.ReportJson;
import dev.tandem.cli.report.ReportTable;
import dev.tandem.cli.report.UpReport;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem up}: the whole product on this machine, with nothing but a JDK. */
@Command(
    name = "up",
    description = {
      "Runs the whole product on loopback, on a modelled cluster of 64 nodes.",
      "Annotated Deployments are mutated, placed and served, and take requests through the routers;"
          + " the same runs with default placement and round-robin routing beside it."
          + " Ends with a report; a page shows it live."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UpCommand implements Callable<Integer> {

  private static final int DEFAULT_WIDTH = 150;

  @Option(names = "--once", description = "End after the report instead of keeping the page up.")
  boolean once;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the report there as JSON.")
  @Nullable Path report;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Requests in the Mooncake form, .jsonl or .jsonl.gz; default: generated.")
  @Nullable Path trace;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "400",
      description = "How many requests. Default: ${DEFAULT-VALUE}.")
  int requests;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "For everything that is drawn. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--speed-up",
      paramLabel = "F",
      defaultValue = "12",
      description =
          "How many times as fast as life engines and requests run. Default: ${DEFAULT-VALUE}.")
  double speedUp;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8123",
      description = "Port of the page, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  int port;

  @Option(
      names = "--control-plane",
      paramLabel = "KIND",
      defaultValue = "embedded",
      description =
          "${COMPLETION-CANDIDATES}; real needs Go to build it. Default: ${DEFAULT-VALUE}.")
  ControlPlaneKind controlPlane = ControlPlaneKind.embedded;

  @Option(
      names = "--examples",
      paramLabel = "DIR",
      description = "Namespaces, Services and Deployments to serve. Default: manifests/examples.")
  @Nullable Path examples;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "The cluster. Default: cluster.yaml beside the examples.")
  @Nullable Path topology;

  @Override
  public Integer call() throws InterruptedException {
    Progress progress = new Progress(System.err, onTerminal());
    try {
      UpSettings settings = settings();
      refuseUnwritable(report);
      try (LocalRun run = new LocalRun(settings, progress)) {
        Thread hook = new Thread(run::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean good = report(run.run(), System.out);
        if (!once) {
          progress.say("The page and the pods stay up until Ctrl-C: " + run.pageUrl());
          new CountDownLatch(1).await();
        }
        return good ? 0 : 1;
      }
    } catch (UpFailure e) {
      progress.say("tandem up: " + e.getMessage() + "\n  " + e.nextStep());
      return 1;
    }
  }

  /** A minute of requests is not to be lost to a mistyped folder. */
  private static void refuseUnwritable(@Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new UpFailure(
          "cannot write the report to " + file,
          "name a file in a folder that exists with --report");
    }
  }

  private UpSettings settings() {
    Path home = Path.of(System.getProperty("tandem.home", ""));
    Path directory = examples != null ? examples : home.resolve("manifests/examples");
    Path cluster = topology != null ? topology : directory.resolve(Examples.CLUSTER_FILE);
    return new UpSettings(
        home, cluster, directory, trace, requests, seed, speedUp, port, controlPlane);
  }

  private boolean report(UpReport found, PrintStream out) {
    Ink ink = onTerminal() && System.getenv("NO_COLOR") == null ? Ink.COLOUR : Ink.NONE;
    // Boxes and marks are UTF-8 whatever the locale of a container says.
    PrintStream utf8 = new PrintStream(out, true, StandardCharsets.UTF_8);
    utf8.print(new ReportTable(found, width(), ink).text());
    utf8.flush();
    Path file = report;
    if (file != null) {
      try {
        Files.writeString(file, ReportJson.write(found));
      } catch (IOException e) {
        throw new UpFailure(
            "cannot write the report to " + file + ": " + e, "name another file with --report");
      }
    }
    return found.tandem().good();
  }

  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[0-9]{2,4}")
        ? Integer.parseInt(columns)
        : DEFAULT_WIDTH;
  }

  /** Only warnings and worse, unless the user set a level; has effect before the first logger. */
  public static void quietLogs() {
    if (System.getProperty("org.slf4j.simpleLogger.defaultLogLevel") == null) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    }
  }
}
