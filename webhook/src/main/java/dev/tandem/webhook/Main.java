package dev.tandem.webhook;

import dev.tandem.edge.process.ClusterProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The webhook as a process: serves until it is told to stop, prints its URL once it does. */
@Command(
    name = "webhook",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the mutating admission webhook: injects annotated pods, stamps where they land.",
      "HTTPS on one port: /mutate-pods, /mutate-bindings, /healthz, /readyz, /metrics."
    })
public final class Main implements Callable<Integer> {

  @Mixin private ClusterProcess process = new ClusterProcess();

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

  @Mixin private InjectionFlags injection = new InjectionFlags();

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
      names = "--scheduler-user",
      paramLabel = "USER",
      description = {
        "User our scheduler binds as, may be repeated",
        "(default: " + WebhookConfig.SCHEDULER_USER + ")."
      })
  private List<String> schedulerUsers = List.of(WebhookConfig.SCHEDULER_USER);

  @Option(
      names = "--topology",
      paramLabel = "PATH",
      description = {
        "Topology file whose facts win over node labels, the extender's; read again when it changes.",
        "A folder: where a ConfigMap is mounted that has it as topology.yaml, or will have."
      })
  private @Nullable Path topology;

  @Override
  public Integer call() throws InterruptedException {
    return process.run(port, client -> Webhook.start(config(), client));
  }

  /** The configuration the options amount to. */
  WebhookConfig config() {
    String name = webhookConfiguration;
    return new WebhookConfig(
        process.host(),
        port,
        injection.config(),
        schedulerUsers,
        namespace,
        certificates.mode(),
        certificates.tls(),
        certificates.rotation(ThreadLocalRandom.current()),
        service,
        register,
        name == null && register ? WebhookConfig.CONFIGURATION_NAME : name,
        certificates.extenderSecret(),
        topology);
  }
}
