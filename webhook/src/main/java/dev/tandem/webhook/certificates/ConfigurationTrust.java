package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code caBundle}s of a webhook configuration, by which API servers check us. Any thread. */
public final class ConfigurationTrust implements ClientTrust {

  private static final Logger log = LoggerFactory.getLogger(ConfigurationTrust.class);

  /** Replicas that start together write the same thing: one round settles it. */
  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final String name;

  public ConfigurationTrust(KubernetesClient client, String configurationName) {
    this.client = client;
    this.name = configurationName;
  }

  @Override
  public Set<X509Certificate> read() {
    return trusted(configuration());
  }

  /** Authorities that every entry of a configuration trusts; an unreadable bundle trusts nobody. */
  static Set<X509Certificate> trusted(MutatingWebhookConfiguration configuration) {
    Set<X509Certificate> all = null;
    for (MutatingWebhook entry : configuration.getWebhooks()) {
      Set<X509Certificate> own = certificates(entry.getClientConfig().getCaBundle());
      if (all == null) {
        all = own;
      } else {
        all.retainAll(own);
      }
    }
    return all == null ? Set.of() : all;
  }

  @Override
  public void publish(Supplier<Optional<List<X509Certificate>>> wanted) {
    for (int attempt = 1; ; attempt++) {
      MutatingWebhookConfiguration present = configuration();
      Optional<List<X509Certificate>> authorities = wanted.get();
      if (authorities.isEmpty() || !changed(present, Pem.write(authorities.get()))) {
        return;
      }
      try {
        client.resource(present).update();
        log.info("{} now trusts {} of our authorities", name, authorities.get().size());
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private MutatingWebhookConfiguration configuration() {
    MutatingWebhookConfiguration present =
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name).get();
    if (present == null) {
      throw new IllegalStateException(
          "MutatingWebhookConfiguration %s does not exist: apply manifests/ first, or use --register"
              .formatted(name));
    }
    return present;
  }

  private static boolean changed(MutatingWebhookConfiguration present, String pem) {
    String encoded = SecretCertificates.encoded(pem);
    boolean changed = false;
    for (MutatingWebhook entry : present.getWebhooks()) {
      if (!encoded.equals(entry.getClientConfig().getCaBundle())) {
        entry.getClientConfig().setCaBundle(encoded);
        changed = true;
      }
    }
    return changed;
  }

  private static Set<X509Certificate> certificates(String bundle) {
    if (bundle == null || bundle.isEmpty()) {
      return new HashSet<>();
    }
    try {
      return new HashSet<>(
          Pem.certificates(
              new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      log.warn("a caBundle cannot be read: {}", e.getMessage());
      return new HashSet<>();
    }
  }
}
