package dev.tandem.controller;

import dev.tandem.edge.process.ClusterProcess;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The controller as a process: works until it is told to stop, prints its URL once it serves. */
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    description = {
      "Stamps pods that opted in and were bound past the webhook.",
      "Puts right stamps, too, whose node has moved. HTTP: /healthz, /readyz, /metrics."
    })
public final class Main implements Callable<Integer> {

  @Mixin private ClusterProcess process = new ClusterProcess();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Health and metrics; 0 for any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = ControllerConfig.NAMESPACE,
      description =
          "Namespace we run in: the Lease is there, its pods are never touched (default:"
              + " ${DEFAULT-VALUE}).")
  private String namespace = ControllerConfig.NAMESPACE;

  @Option(
      names = "--leader-elect",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Work only while holding Lease " + ControllerConfig.LEASE + " (default: yes).")
  private boolean leaderElect;

  @Option(
      names = "--topology",
      paramLabel = "PATH",
      description = {
        "Topology file whose facts win over node labels, the webhook's; read again when it changes.",
        "A folder: where a ConfigMap is mounted that has it as topology.yaml, or will have."
      })
  private @Nullable Path topology;

  @Override
  public Integer call() throws InterruptedException {
    return process.run(port, client -> Controller.start(config(), client));
  }

  /** The configuration the options amount to. */
  ControllerConfig config() {
    return new ControllerConfig(
        process.host(),
        port,
        namespace,
        leaderElect ? ControllerConfig.LEASE : null,
        identity(),
        topology);
  }

  /** In a pod its name, for a person to find it; unique in any case. */
  private static String identity() {
    String pod = System.getenv("HOSTNAME");
    return (pod == null || pod.isEmpty() ? "controller" : pod) + "_" + UUID.randomUUID();
  }
}
