package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Certificates in a Secret that all replicas share. Creating it is the lock: the replica that loses
 * reads what the winner wrote, so there is one authority and no leader; later writes are decided by
 * the resource version. Any thread.
 */
public final class SecretCertificates implements CertificateStore {

  static final String AUTHORITIES = "ca.crt";
  static final String AUTHORITY_KEY = "ca.key";
  static final String LEAF = "tls.crt";
  static final String LEAF_KEY = "tls.key";
  private static final List<String> KEYS = List.of(AUTHORITIES, AUTHORITY_KEY, LEAF, LEAF_KEY);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;

  /** Keeps them in Secret {@code namespace/name}. */
  public SecretCertificates(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public Stored read() {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    return secret == null ? new Stored.Absent(null) : read(secret);
  }

  @Override
  public boolean write(CertificateSet set, Stored before) {
    Secret secret = secret(set, before.version());
    try {
      if (before.version() == null) {
        client.resource(secret).create();
      } else {
        client.resource(secret).update();
      }
      return true;
    } catch (KubernetesClientException e) {
      // Created, changed or deleted by somebody else: read again.
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || (before.version() != null && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public String place() {
    return "Secret " + namespace + "/" + name;
  }

  private static Stored read(Secret secret) {
    String version = secret.getMetadata().getResourceVersion();
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    if (KEYS.stream().allMatch(key -> data.getOrDefault(key, "").isEmpty())) {
      return new Stored.Absent(version);
    }
    try {
      List<X509Certificate> authorities = Pem.certificates(text(data, AUTHORITIES));
      PrivateKey authorityKey = Pem.privateKey(text(data, AUTHORITY_KEY));
      KeyedCertificate leaf =
          new KeyedCertificate(
              Pem.certificates(text(data, LEAF)).getFirst(), Pem.privateKey(text(data, LEAF_KEY)));
      new KeyedCertificate(authorities.getFirst(), authorityKey).check();
      leaf.check();
      if (authorities.stream()
          .noneMatch(authority -> KeyedCertificate.signedBy(leaf.certificate(), authority))) {
        throw new GeneralSecurityException("none of ca.crt signed tls.crt");
      }
      return new Stored.Good(new CertificateSet(authorities, authorityKey, leaf), version);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return new Stored.Bad(String.valueOf(e.getMessage()), version);
    }
  }

  private Secret secret(CertificateSet set, @Nullable String version) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withResourceVersion(version)
        .addToLabels("app.kubernetes.io/part-of", "tandem")
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withData(
            Map.of(
                AUTHORITIES, encoded(Pem.write(set.authorities())),
                AUTHORITY_KEY, encoded(Pem.write(set.authorityKey())),
                LEAF, encoded(Pem.write(set.leaf().certificate())),
                LEAF_KEY, encoded(Pem.write(set.leaf().key()))))
        .build();
  }

  /** One entry of a Secret, decoded. */
  static String text(Map<String, String> data, String key) throws GeneralSecurityException {
    String value = data.get(key);
    if (value == null || value.isEmpty()) {
      throw new GeneralSecurityException("no " + key);
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
