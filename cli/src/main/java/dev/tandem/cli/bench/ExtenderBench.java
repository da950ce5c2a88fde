package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import dev.tandem.cli.images.ProcessImage;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Starts an extender of its own process over an API server stand-in, asks it as kube-scheduler
 * would, and prints latency as the server counted it, latency as the client saw it, and memory.
 */
@Command(
    name = "extender",
    mixinStandardHelpOptions = true,
    description = {
      "Measures filter and prioritize on a cluster with every second node half filled,",
      "and the extender's resident memory (Linux)."
    })
public final class ExtenderBench implements Callable<Integer> {
  private static final int READY_SECONDS = 120;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "1000",
      description = "Nodes of 8 GPUs, 16 a domain, 32 a leaf, 256 a spine (default 1000).")
  private int nodes = 1000;

  @Option(
      names = "--calls",
      defaultValue = "4000",
      description = "Calls of each verb that are measured (default 4000).")
  private int calls = 4000;

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    try (EmbeddedControlPlane plane = EmbeddedControlPlane.start(1)) {
      fill(plane.client());
      Process extender = start(plane.kubeconfig());
      try {
        measure(extender, out);
      } finally {
        extender.destroy();
        if (!extender.waitFor(10, TimeUnit.SECONDS)) {
          extender.destroyForcibly();
        }
      }
    }
    out.flush();
    return 0;
  }

  private void fill(KubernetesClient client) {
    for (int i = 0; i < nodes; i++) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName(ExtenderCalls.node(i))
                  .addToLabels("accelerator.topograph.run/domain", "n" + i / 16)
                  .addToLabels("fabric.topograph.run/tier-0", "l" + i / 32)
                  .addToLabels("fabric.topograph.run/tier-1", "s" + i / 256)
                  .addToLabels("fabric.topograph.run/tier-2", "c0")
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(ExtenderCalls.GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
      if (i % 2 == 1) {
        client.pods().resource(filler(i)).create();
      }
    }
  }

  private static Pod filler(int i) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("filler-" + i)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withNodeName(ExtenderCalls.node(i))
        .addNewContainer()
        .withName("c")
        .withNewResources()
        .addToLimits(ExtenderCalls.GPUS, new Quantity("4"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private static Process start(Path kubeconfig) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ProcessImage.of("extender").jvmFlags());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.tandem.cli.Main");
    command.add("extender");
    command.add("--kubeconfig=" + kubeconfig);
    command.add("--port=0");
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void measure(Process extender, PrintWriter out) throws IOException, InterruptedException {
    BufferedReader lines = extender.inputReader(StandardCharsets.UTF_8);
    String url = lines.readLine();
    if (url == null) {
      throw new IOException("the extender ended before it listened");
    }
    try (ExtenderCalls asked = new ExtenderCalls(url, nodes)) {
      measure(extender, asked, out);
    }
  }

  private void measure(Process extender, ExtenderCalls asked, PrintWriter out)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    awaitReady(asked);
    out.printf(Locale.ROOT, "ready after listening: %.1f s%n", (System.nanoTime() - start) / 1e9);
    Thread.sleep(10_000);
    out.println(
        "resident memory idle, 10 s after ready: " + ResidentMemory.of(extender.toHandle()));
    out.println(
        nodes + " nodes, names only, " + calls + " calls a verb, one connection, groups of 2P+2D:");
    for (String verb : List.of("filter", "prioritize")) {
      verb(asked, verb, out);
    }
    out.println("resident memory after the calls: " + ResidentMemory.of(extender.toHandle()));
  }

  private void verb(ExtenderCalls asked, String verb, PrintWriter out)
      throws IOException, InterruptedException {
    for (int i = 0; i < calls / 10; i++) {
      asked.call(verb, asked.body(i));
    }
    ServerHistogram before = asked.histogram(verb);
    long[] nanos = new long[calls];
    for (int i = 0; i < calls; i++) {
      nanos[i] = asked.call(verb, asked.body(i));
    }
    ServerHistogram server = asked.histogram(verb).since(before);
    Arrays.sort(nanos);
    out.printf(
        Locale.ROOT,
        "  %-10s server p50 <= %.2f ms, p99 <= %.2f ms; client p50 %.2f ms, p99 %.2f ms%n",
        verb,
        server.atMostMillis(0.50),
        server.atMostMillis(0.99),
        nanos[calls / 2] / 1e6,
        nanos[(int) (calls * 0.99)] / 1e6);
  }

  private static void awaitReady(ExtenderCalls calls) throws IOException, InterruptedException {
    for (int i = 0; i < READY_SECONDS * 10; i++) {
      if (calls.ready()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("the extender was not ready within " + READY_SECONDS + " s");
  }
}
