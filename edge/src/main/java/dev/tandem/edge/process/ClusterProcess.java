package dev.tandem.edge.process;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options and life of a process that talks to an API server and serves a port: it prints its URL
 * once it serves and runs until SIGTERM. What a user can put right is one line and exit code 2.
 */
public final class ClusterProcess {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the API server (default: the pod's own service account).")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Listen here (default: 127.0.0.1 with --kubeconfig, 0.0.0.0 in a cluster).")
  private @Nullable String host;

  /** What runs between start and SIGTERM. */
  public interface Running extends AutoCloseable {

    /** Where it can be called from this machine, without a path. */
    String url();

    /** Lets requests in flight end. */
    @Override
    void close();
  }

  /** The address to listen on. */
  public String host() {
    return host != null ? host : kubeconfig != null ? "127.0.0.1" : "0.0.0.0";
  }

  /**
   * Starts and waits for the end.
   *
   * @param port that was asked for, to name it where it is taken
   * @param start refuses what it was told with an IllegalArgumentException
   * @return the exit code
   */
  public int run(int port, Function<KubernetesClient, Running> start) throws InterruptedException {
    Path file = kubeconfig;
    if (file != null && !Files.isReadable(file)) {
      return failed("--kubeconfig: " + file + " cannot be read");
    }
    try (KubernetesClient client = client();
        Running running = start.apply(client)) {
      out().println(running.url());
      out().flush();
      awaitTermination(running);
    } catch (JavalinBindException e) {
      return failed(
          "port " + port + " is taken; choose another with --port, or 0 for any free one");
    } catch (KubernetesClientException e) {
      return failed(
          "the API server of %s: %s"
              .formatted(file == null ? "this cluster" : file, ApiServerProblem.of(e)));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      return failed(String.valueOf(e.getMessage()));
    }
    return CommandLine.ExitCode.OK;
  }

  private int failed(String problem) {
    PrintWriter err = spec == null ? new PrintWriter(System.err) : spec.commandLine().getErr();
    err.println((spec == null ? "tandem" : "tandem " + spec.name()) + ": " + problem);
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private KubernetesClient client() {
    Config config =
        kubeconfig == null
            ? Config.autoConfigure(null)
            : Config.fromKubeconfig(kubeconfig.toFile());
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private PrintWriter out() {
    return spec == null ? new PrintWriter(System.out, true) : spec.commandLine().getOut();
  }

  private static void awaitTermination(Running running) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }
}
