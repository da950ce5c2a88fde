package dev.tandem.extender;

import dev.tandem.edge.process.ApiServerProblem;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      "Answers kube-scheduler's filter, prioritize and preempt calls for pods that exchange KV cache.",
      "They land where the link between them is fast. Prints its URL; logs go to stderr."
    })
public final class Main implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Cluster to watch; default: the service account of the pod it runs in.")
  private @Nullable Path kubeconfig;

  @Mixin private final ServerFlags server = new ServerFlags();
  @Mixin private final PlanningFlags planning = new PlanningFlags();
  @Mixin private final SourceFlags sources = new SourceFlags();
  @Mixin private final RecordingFlags recording = new RecordingFlags();

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
      System.out.println(server.server().url(extender.port()));
      stopped.await();
    } catch (JavalinBindException e) {
      System.err.println(
          "tandem extender: port %d is taken; choose another with --port, or 0 for any free one"
              .formatted(server.server().port()));
      return CommandLine.ExitCode.USAGE;
    } catch (KubernetesClientException e) {
      System.err.println(
          "tandem extender: the API server of %s: %s"
              .formatted(file == null ? "this cluster" : file, ApiServerProblem.of(e)));
      return CommandLine.ExitCode.USAGE;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      System.err.println("tandem extender: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    return CommandLine.ExitCode.OK;
  }

  private ExtenderConfig config() {
    return new ExtenderConfig(
        server.server(), planning.planning(), sources.sources(), recording.recording());
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
