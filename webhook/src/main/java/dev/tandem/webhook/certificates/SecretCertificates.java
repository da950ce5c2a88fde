package dev.tandem.webhook.certificates;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate for all replicas, kept in a Secret. Creating the Secret is the lock: the replica
 * that loses reads what the winner wrote, so there is one authority and no leader. A Secret that
 * cannot be used, lacks a name, or is past two thirds of its life is replaced, again by whoever
 * writes first (the resource version decides).
 */
public final class SecretCertificates implements CertificateStore {

  private static final Logger log = LoggerFactory.getLogger(SecretCertificates.class);

  /** Races with other replicas settle in one or two rounds; more means something else is wrong. */
  private static final int ATTEMPTS = 5;

  private static final String CA_CERTIFICATE = "ca.crt";
  private static final String CA_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final CertificateIssuer issuer;
  private final List<String> names;
  private final Clock clock;

  /** Keeps a certificate for {@code names} in Secret {@code namespace/name}. */
  public SecretCertificates(
      KubernetesClient client,
      String namespace,
      String name,
      CertificateIssuer issuer,
      List<String> names,
      Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.issuer = issuer;
    this.names = List.copyOf(names);
    this.clock = clock;
  }

  @Override
  public ServingCertificate obtain() {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Secret present = client.secrets().inNamespace(namespace).withName(name).get();
      ServingCertificate usable = present == null ? null : usable(present);
      if (usable != null) {
        return usable;
      }
      ServingCertificate issued = issuer.issue(names);
      if (write(issued, present)) {
        return issued;
      }
    }
    throw new IllegalStateException(
        "Secret %s/%s: lost %d writes against other replicas".formatted(namespace, name, ATTEMPTS));
  }

  /** Whether the write was ours and not another replica's. */
  private boolean write(ServingCertificate issued, @Nullable Secret present) {
    Secret secret = secret(issued, present);
    try {
      if (present == null) {
        client.resource(secret).create();
      } else {
        client.resource(secret).update();
      }
      log.info("wrote certificate to Secret {}/{}, valid to {}", namespace, name, issued.expiry());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private Secret secret(ServingCertificate issued, @Nullable Secret present) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withResourceVersion(present == null ? null : present.getMetadata().getResourceVersion())
        .endMetadata()
        .withType("kubernetes.io/tls")
        .withData(
            Map.of(
                CA_CERTIFICATE, encoded(Pem.write(issued.authority())),
                CA_KEY, encoded(Pem.write(issued.authorityKey())),
                CERTIFICATE, encoded(Pem.write(issued.leaf())),
                KEY, encoded(Pem.write(issued.leafKey()))))
        .build();
  }

  private @Nullable ServingCertificate usable(Secret secret) {
    try {
      ServingCertificate certificate =
          new ServingCertificate(
              Pem.certificate(text(secret, CA_CERTIFICATE)),
              Pem.privateKey(text(secret, CA_KEY)),
              Pem.certificate(text(secret, CERTIFICATE)),
              Pem.privateKey(text(secret, KEY)));
      certificate.leaf().verify(certificate.authority().getPublicKey());
      return fresh(certificate.leaf()) && coversNames(certificate.leaf()) ? certificate : null;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      log.warn("Secret {}/{} holds no usable certificate: {}", namespace, name, e.getMessage());
      return null;
    }
  }

  private boolean fresh(X509Certificate leaf) {
    Instant from = leaf.getNotBefore().toInstant();
    Instant to = leaf.getNotAfter().toInstant();
    long twoThirds = (to.toEpochMilli() - from.toEpochMilli()) / 3 * 2;
    Instant now = clock.instant();
    return now.isAfter(from) && now.isBefore(from.plusMillis(twoThirds));
  }

  private boolean coversNames(X509Certificate leaf) throws GeneralSecurityException {
    Collection<List<?>> entries = leaf.getSubjectAlternativeNames();
    if (entries == null) {
      return false;
    }
    Set<String> covered =
        entries.stream().map(entry -> String.valueOf(entry.get(1))).collect(Collectors.toSet());
    return covered.containsAll(names);
  }

  private static String text(Secret secret, String key) throws GeneralSecurityException {
    String value = secret.getData() == null ? null : secret.getData().get(key);
    if (value == null) {
      throw new GeneralSecurityException("no " + key);
    }
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
