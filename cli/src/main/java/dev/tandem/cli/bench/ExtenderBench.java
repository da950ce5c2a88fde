package dev.tandem.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final String GPUS = "nvidia.com/gpu";
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

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
                  .withName(node(i))
                  .addToLabels("accelerator.topograph.run/domain", "n" + i / 16)
                  .addToLabels("fabric.topograph.run/tier-0", "l" + i / 32)
                  .addToLabels("fabric.topograph.run/tier-1", "s" + i / 256)
                  .addToLabels("fabric.topograph.run/tier-2", "c0")
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
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
        .withNodeName(node(i))
        .addNewContainer()
        .withName("c")
        .withNewResources()
        .addToLimits(GPUS, new Quantity("4"))
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private static String node(int i) {
    return "gpu-%05d".formatted(i);
  }

  private static Process start(Path kubeconfig) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tandem.cli.Main",
                "extender",
                "--kubeconfig",
                kubeconfig.toString(),
                "--port",
                "0"))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void measure(Process extender, PrintWriter out) throws IOException, InterruptedException {
    BufferedReader lines = extender.inputReader(StandardCharsets.UTF_8);
    String url = lines.readLine();
    if (url == null) {
      throw new IOException("the extender ended before it listened");
    }
    long start = System.nanoTime();
    awaitReady(url);
    out.printf(Locale.ROOT, "ready after listening: %.1f s%n", (System.nanoTime() - start) / 1e9);
    Thread.sleep(10_000);
    out.println("resident memory idle, 10 s after ready: " + resident(extender) + " MiB");
    out.println(
        nodes + " nodes, names only, " + calls + " calls a verb, one connection, groups of 2P+2D:");
    for (String verb : List.of("filter", "prioritize")) {
      verb(url, verb, out);
    }
    out.println("resident memory after the calls: " + resident(extender) + " MiB");
  }

  private void verb(String url, String verb, PrintWriter out)
      throws IOException, InterruptedException {
    for (int i = 0; i < calls / 10; i++) {
      post(url + "/" + verb, body(i));
    }
    ServerHistogram before = ServerHistogram.of(get(url + "/metrics").body(), verb);
    long[] nanos = new long[calls];
    for (int i = 0; i < calls; i++) {
      byte[] body = body(i);
      long start = System.nanoTime();
      post(url + "/" + verb, body);
      nanos[i] = System.nanoTime() - start;
    }
    ServerHistogram server = ServerHistogram.of(get(url + "/metrics").body(), verb).since(before);
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

  /** Pods of 100 groups in turn: the first pass plans whole groups, later ones join members. */
  private byte[] body(int call) throws IOException {
    int group = call / 4 % 100;
    int part = call % 4;
    String name = "g" + group + "-" + part;
    ObjectNode args = json.createObjectNode();
    ObjectNode pod = args.putObject("Pod");
    pod.putObject("metadata")
        .put("name", name)
        .put("namespace", "bench")
        .put("uid", "uid-" + name)
        .putObject("annotations")
        .put(Keys.ROLE, part < 2 ? "prefill" : "decode")
        .put(Keys.GROUP, "g" + group)
        .put(Keys.GROUP_SIZE, "prefill=2,decode=2")
        .put(Keys.MODEL, "llama-3-70b");
    pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .putObject("resources")
        .putObject("limits")
        .put(GPUS, "4");
    args.putNull("Nodes");
    ArrayNode names = args.putArray("NodeNames");
    for (int i = 0; i < nodes; i++) {
      names.add(node(i));
    }
    return json.writeValueAsBytes(args);
  }

  private void post(String url, byte[] body) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(url + " answered " + response.statusCode());
    }
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void awaitReady(String url) throws IOException, InterruptedException {
    for (int i = 0; i < READY_SECONDS * 10; i++) {
      if (get(url + "/readyz").statusCode() == 200) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("the extender was not ready within " + READY_SECONDS + " s");
  }

  private static String resident(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .map(String::valueOf)
        .findFirst()
        .orElse("unknown");
  }
}
