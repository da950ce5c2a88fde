package dev.tandem.webhook;

import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.SidecarKind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javalin.util.JavalinBindException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The webhook as a process: serves until it is told to stop, prints its URL once it does. */
@Command(
    name = "webhook",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the mutating admission webhook: injects annotated pods, stamps where they land.",
      "HTTPS on one port: /mutate-pods, /mutate-bindings, /healthz, /readyz, /metrics."
    })
public final class Main implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

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

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8443",
      description = "Listen on this port; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--register",
      description = "Create or update the webhook configuration with our loopback URL.")
  private boolean register;

  @Option(
      names = "--webhook-configuration",
      paramLabel = "NAME",
      description =
          "Configuration to keep our authority in (with --register: to write; default: tandem).")
  private @Nullable String webhookConfiguration;

  @Mixin private CertificateFlags certificates = new CertificateFlags();

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = WebhookConfig.NAMESPACE,
      description = "Namespace we run in; its pods are never touched (default: ${DEFAULT-VALUE}).")
  private String namespace = WebhookConfig.NAMESPACE;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "tandem-webhook",
      description = "Our Service, a name in the certificate (default: ${DEFAULT-VALUE}).")
  private String service = "tandem-webhook";

  @Option(
      names = "--router-image",
      paramLabel = "IMAGE",
      description = "Image of the router sidecar (default: tandem/router-sidecar:dev).")
  private String routerImage = InjectionConfig.DEFAULT.routerImage();

  @Option(
      names = "--scheduler-name",
      paramLabel = "NAME",
      description = "Scheduler that injected pods are given to (default: tandem).")
  private String schedulerName = InjectionConfig.DEFAULT.schedulerName();

  @Option(
      names = "--sidecar",
      paramLabel = "KIND",
      description = {
        "How the router runs: NATIVE (default), or REGULAR, the last container, for clusters with",
        "nodes older than 1.29; a pod's annotation native-sidecar wins."
      })
  private SidecarKind sidecar = SidecarKind.NATIVE;

  @Option(
      names = "--assume-vllm",
      paramLabel = "VERSION",
      description = "vLLM's version where neither image nor annotation tells it (default: none).")
  private @Nullable String assumedVllm;

  @Option(
      names = "--scheduler-user",
      paramLabel = "USER",
      description = {
        "User our scheduler binds as, may be repeated",
        "(default: " + WebhookConfig.SCHEDULER_USER + ")."
      })
  private List<String> schedulerUsers = List.of(WebhookConfig.SCHEDULER_USER);

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description =
          "Topology file whose facts win over node labels, the extender's; read again when it"
              + " changes.")
  private @Nullable Path topology;

  @Override
  public Integer call() throws InterruptedException {
    Path file = kubeconfig;
    if (file != null && !Files.isReadable(file)) {
      return failed("--kubeconfig: " + file + " cannot be read");
    }
    try (KubernetesClient client = client();
        Webhook webhook = Webhook.start(config(), client)) {
      out().println(webhook.url());
      out().flush();
      awaitTermination(webhook);
    } catch (JavalinBindException e) {
      return failed(
          "port " + port + " is taken; choose another with --port, or 0 for any free one");
    } catch (KubernetesClientException e) {
      return failed(
          "the API server of %s: %s"
              .formatted(file == null ? "this cluster" : file, e.getMessage()));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      return failed(String.valueOf(e.getMessage()));
    }
    return 0;
  }

  /** One line that the user can act on. */
  private int failed(String problem) {
    PrintWriter err = spec == null ? new PrintWriter(System.err) : spec.commandLine().getErr();
    err.println("tandem webhook: " + problem);
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  /** The configuration the options amount to. */
  WebhookConfig config() {
    String name = webhookConfiguration;
    return new WebhookConfig(
        host != null ? host : kubeconfig != null ? "127.0.0.1" : "0.0.0.0",
        port,
        injection(),
        schedulerUsers,
        namespace,
        certificates.mode(),
        certificates.rotation(ThreadLocalRandom.current()),
        service,
        register,
        name == null && register ? WebhookConfig.CONFIGURATION_NAME : name,
        certificates.extenderSecret(),
        topology);
  }

  private InjectionConfig injection() {
    InjectionConfig config =
        new InjectionConfig(routerImage, schedulerName, InjectionConfig.DEFAULT.version())
            .with(sidecar);
    return assumedVllm == null ? config : config.assuming(VllmVersion.of(assumedVllm));
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

  /** Until SIGTERM: the hook closes the server, which lets requests in flight end. */
  private static void awaitTermination(Webhook webhook) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  webhook.close();
                  stopped.countDown();
                },
                "webhook-stop"));
    stopped.await();
  }
}
