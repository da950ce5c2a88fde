package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the API server about us where no manifests do. Blocking. */
public final class Registrar {

  private static final Logger log = LoggerFactory.getLogger(Registrar.class);

  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;

  public Registrar(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Creates our configuration, or replaces the one that is there.
   *
   * @throws KubernetesClientException where the API server refuses
   */
  public void register(WebhookRegistration registration, String caBundlePem) {
    MutatingWebhookConfiguration wanted = registration.configuration(caBundlePem);
    for (int attempt = 1; ; attempt++) {
      try {
        write(wanted);
        log.info("registered {} at {}", registration.name(), registration.url());
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void write(MutatingWebhookConfiguration wanted) {
    MutatingWebhookConfiguration present =
        client
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .withName(wanted.getMetadata().getName())
            .get();
    if (present == null) {
      client.resource(wanted).create();
    } else {
      wanted.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
      client.resource(wanted).update();
    }
  }
}
