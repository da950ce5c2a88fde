package dev.tandem.extender;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the extender until it is told to stop. */
@Command(
    name = "extender",
    mixinStandardHelpOptions = true,
    description = {
      "Answers kube-scheduler's filter and prioritize calls for pods that exchange KV cache.",
      "They land where the link between them is fast. Prints its URL; logs go to stderr."
    })
public final class Main implements Callable<Integer> {
  private static final ExtenderConfig DEFAULTS = ExtenderConfig.defaults();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Cluster to watch; default: the service account of the pod it runs in.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = DEFAULTS.host();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8888",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = 8888;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Topology file whose facts win over node labels.")
  private @Nullable Path topology;

  @Option(
      names = "--short-list",
      paramLabel = "N",
      defaultValue = "32",
      description = "Most nodes a filter answers with (default: ${DEFAULT-VALUE}).")
  private int shortList = DEFAULTS.shortList();

  @Option(
      names = "--noise",
      paramLabel = "SHARE",
      defaultValue = "0.05",
      description =
          "Nodes within this share of the best cost are offered too (default: ${DEFAULT-VALUE}).")
  private double noise = DEFAULTS.noise();

  @Option(
      names = "--expectation-seconds",
      paramLabel = "N",
      defaultValue = "15",
      description =
          "How long a pod is expected where it was sent until the watch confirms"
              + " (default: ${DEFAULT-VALUE}).")
  private int expectationSeconds = 15;

  @Option(
      names = "--announcement-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "How long a group keeps places for announced pods nobody has created"
              + " (default: ${DEFAULT-VALUE}).")
  private int announcementSeconds = 60;

  @Option(
      names = "--gpu-resource",
      paramLabel = "NAME",
      defaultValue = "nvidia.com/gpu",
      description = "Resource that counts GPUs (default: ${DEFAULT-VALUE}).")
  private String gpuResource = DEFAULTS.gpuResource();

  @Mixin private RecordingFlags recording = new RecordingFlags();

  @Override
  public Integer call() throws InterruptedException {
    Path file = kubeconfig;
    if (file != null && !Files.isReadable(file)) {
      System.err.println("tandem extender: --kubeconfig: " + file + " cannot be read");
      return CommandLine.ExitCode.USAGE;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    try (KubernetesClient client = client(file);
        Extender extender = Extender.start(config(), client)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(extender, stopped)));
      System.out.println("http://" + host + ":" + extender.port());
      stopped.await();
    } catch (JavalinBindException e) {
      System.err.println(
          "tandem extender: port %d is taken; choose another with --port, or 0 for any free one"
              .formatted(port));
      return CommandLine.ExitCode.USAGE;
    } catch (KubernetesClientException e) {
      System.err.println(
          "tandem extender: the API server of %s: %s"
              .formatted(file == null ? "this cluster" : file, e.getMessage()));
      return CommandLine.ExitCode.USAGE;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      System.err.println("tandem extender: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    return CommandLine.ExitCode.OK;
  }

  private ExtenderConfig config() {
    return new ExtenderConfig(
        host,
        port,
        topology,
        shortList,
        noise,
        Duration.ofSeconds(expectationSeconds),
        Duration.ofSeconds(announcementSeconds),
        gpuResource,
        recording.recording());
  }

  private static KubernetesClient client(@Nullable Path kubeconfig) {
    KubernetesClientBuilder builder = new KubernetesClientBuilder();
    if (kubeconfig != null) {
      builder.withConfig(Config.fromKubeconfig(kubeconfig.toFile()));
    }
    return builder.build();
  }

  private static void stop(Extender extender, CountDownLatch stopped) {
    extender.close();
    stopped.countDown();
  }
}
