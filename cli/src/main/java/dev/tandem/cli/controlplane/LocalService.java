package dev.tandem.cli.controlplane;

import dev.tandem.webhook.WebhookConfig;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ServiceReference;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import java.net.URI;

/**
 * The webhook's Service where there is no kube-proxy: one with an external name, which an API
 * server dials by itself. It calls a webhook behind a Service otherwise than by a loopback URL:
 * over HTTP/1.1, and by the Service's name. Closing it deletes it.
 */
public final class LocalService implements AutoCloseable {

  private static final String NAME = "tandem-webhook";

  private final KubernetesClient client;
  private final Service service;
  private final int port;

  private LocalService(KubernetesClient client, Service service, int port) {
    this.client = client;
    this.service = service;
    this.port = port;
  }

  /**
   * Creates it in the webhook's namespace, which has to be there.
   *
   * @param port of 127.0.0.1 on which whoever stands behind it listens
   */
  public static LocalService create(KubernetesClient client, int port) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(WebhookConfig.NAMESPACE)
            .endMetadata()
            .withNewSpec()
            .withType("ExternalName")
            .withExternalName("127.0.0.1")
            .endSpec()
            .build();
    client.resource(service).createOr(NonDeletingOperation::update);
    return new LocalService(client, service, port);
  }

  /** The same entries, each called by this Service at the path it has in {@code registered}. */
  public MutatingWebhookConfiguration inFrontOf(MutatingWebhookConfiguration registered) {
    MutatingWebhookConfiguration configuration =
        new MutatingWebhookConfigurationBuilder(registered).build();
    configuration
        .getWebhooks()
        .forEach(entry -> {
          WebhookClientConfig called = entry.getClientConfig();
          called.setService(
              new ServiceReference(NAME, WebhookConfig.NAMESPACE, path(called), port));
          called.setUrl(null);
        });
    return configuration;
  }

  private static String path(WebhookClientConfig called) {
    return called.getUrl() == null
        ? called.getService().getPath()
        : URI.create(called.getUrl()).getPath();
  }

  @Override
  public void close() {
    client.resource(service).delete();
  }
}
