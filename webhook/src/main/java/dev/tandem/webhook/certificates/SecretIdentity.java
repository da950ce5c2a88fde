package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.GeneralSecurityException;
import java.util.Map;

/** {@code tls.crt} and {@code tls.key} of a Secret that cert-manager keeps; never written. */
public final class SecretIdentity implements IdentitySource {

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  public SecretIdentity(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public Identity read() throws GeneralSecurityException {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null || secret.getData() == null) {
      throw new GeneralSecurityException("it does not exist, or is empty");
    }
    Map<String, String> data = secret.getData();
    try {
      return IdentitySource.of(
          SecretCertificates.text(data, SecretCertificates.LEAF),
          SecretCertificates.text(data, SecretCertificates.LEAF_KEY));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("not base64: " + e.getMessage(), e);
    }
  }

  @Override
  public String place() {
    return "Secret " + namespace + "/" + name;
  }
}
