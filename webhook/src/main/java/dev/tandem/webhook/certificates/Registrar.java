package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the API server about us, or just whom to trust. Blocking. */
public final class Registrar {

  private static final Logger log = LoggerFactory.getLogger(Registrar.class);

  /** Replicas that start together write the same thing: one round settles it. */
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
    retried(() -> {
      MutatingWebhookConfiguration present = configuration(registration.name());
      if (present == null) {
        client.resource(wanted).create();
      } else {
        wanted.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
        client.resource(wanted).update();
      }
    });
    log.info("registered {} at {}", registration.name(), registration.url());
  }

  /**
   * Writes the authority into each entry of a configuration that the manifests own; writes nothing
   * where it is there already.
   *
   * @throws IllegalStateException where there is no such configuration
   * @throws KubernetesClientException where the API server refuses
   */
  public void trust(String configurationName, String caBundlePem) {
    String encoded = WebhookRegistration.encoded(caBundlePem);
    retried(() -> {
      MutatingWebhookConfiguration present = configuration(configurationName);
      if (present == null) {
        throw new IllegalStateException(
            "MutatingWebhookConfiguration %s does not exist: apply manifests/ first, or use"
                    .formatted(configurationName)
                + " --register");
      }
      boolean changed = false;
      for (MutatingWebhook entry : present.getWebhooks()) {
        if (!encoded.equals(entry.getClientConfig().getCaBundle())) {
          entry.getClientConfig().setCaBundle(encoded);
          changed = true;
        }
      }
      if (changed) {
        client.resource(present).update();
        log.info("wrote our authority into {}", configurationName);
      }
    });
  }

  private MutatingWebhookConfiguration configuration(String name) {
    return client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name).get();
  }

  private static void retried(Runnable write) {
    for (int attempt = 1; ; attempt++) {
      try {
        write.run();
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
