package dev.tandem.webhook;

import dev.tandem.webhook.certificates.Rotation;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.tls.TlsLibrary;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All the webhook process is told. Immutable; checked before anything is opened.
 *
 * @param host address to listen on
 * @param port to listen on; 0 for any free one
 * @param injection what is decided for all pods
 * @param schedulerUsers user names our scheduler binds as
 * @param namespace where we run: its pods are never touched, its Secret holds our certificate
 * @param certificates who makes the serving certificate
 * @param tls what shakes hands
 * @param rotation when our own certificates are renewed
 * @param serviceName name of our Service in {@code namespace}, a name in the certificate
 * @param register whether to register ourselves at a loopback URL
 * @param webhookConfiguration name of the MutatingWebhookConfiguration: the one {@code register}
 *     writes, else the one whose {@code caBundle}s are kept right; null: neither
 * @param extenderSecret name of the Secret in {@code namespace} to keep the extender's certificates
 *     in; null: none
 * @param topologyFile describes nodes that have no labels, or the folder where a ConfigMap with it
 *     is mounted; null: labels only
 */
public record WebhookConfig(
    String host,
    int port,
    InjectionConfig injection,
    List<String> schedulerUsers,
    String namespace,
    CertificateMode certificates,
    TlsLibrary tls,
    Rotation rotation,
    String serviceName,
    boolean register,
    @Nullable String webhookConfiguration,
    @Nullable String extenderSecret,
    @Nullable Path topologyFile) {

  /** Name of the configuration in the manifests and of the one we register. */
  public static final String CONFIGURATION_NAME = "tandem";

  /** The user name our scheduler has in the manifests. */
  public static final String SCHEDULER_USER =
      "system:serviceaccount:tandem-system:tandem-scheduler";

  /** The name an extender outside the scheduler's pod is reached by. */
  static final String EXTENDER_SERVICE = "tandem-extender";

  /** The namespace of the manifests. */
  public static final String NAMESPACE = "tandem-system";

  public WebhookConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: \"%d\": accepted are 0 to 65535".formatted(port));
    }
    if (register && webhookConfiguration == null) {
      throw new IllegalArgumentException("register: needs the name of a webhook configuration");
    }
    if (schedulerUsers.isEmpty()) {
      throw new IllegalArgumentException("scheduler user: none given; at least one is needed");
    }
    for (String user : schedulerUsers) {
      if (!user.matches("[A-Za-z0-9:._@/-]{1,253}")) {
        throw new IllegalArgumentException(
            "scheduler user: \"%s\": accepted are letters, digits and : . _ @ / -".formatted(user));
      }
    }
    schedulerUsers = List.copyOf(schedulerUsers);
  }

  /** A webhook on loopback with a certificate of its own that registers itself. */
  public static WebhookConfig local(int port) {
    return new WebhookConfig(
        "127.0.0.1",
        port,
        InjectionConfig.DEFAULT,
        List.of(SCHEDULER_USER),
        NAMESPACE,
        new CertificateMode.InMemory(),
        TlsLibrary.boringssl,
        Rotation.standard(0),
        "tandem-webhook",
        true,
        CONFIGURATION_NAME,
        null,
        null);
  }

  /** The names clients may reach us by: the Service's forms, and loopback. */
  List<String> certificateNames() {
    String service = serviceName + "." + namespace;
    return List.of(
        service + ".svc",
        serviceName,
        service,
        service + ".svc.cluster.local",
        "localhost",
        "127.0.0.1");
  }

  /** The names kube-scheduler may reach an extender by: its Service's forms, and loopback. */
  List<String> extenderNames() {
    String service = EXTENDER_SERVICE + "." + namespace;
    return List.of(
        service + ".svc",
        EXTENDER_SERVICE,
        service,
        service + ".svc.cluster.local",
        "localhost",
        "127.0.0.1");
  }
}
